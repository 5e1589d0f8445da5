from functools import partial

from django.urls import path

from .queues import HOMES
from .views import goods_part, queue_page, queues_part, report_page

urlpatterns = [
    *(path(f"service/{queue}/", partial(queue_page, queue=queue)) for queue in HOMES),
    path("service/queues/", queues_part),
    path("service/goods/", goods_part),
    path("service-requests/<int:pk>/report/", report_page),
]
