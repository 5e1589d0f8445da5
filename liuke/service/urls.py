from functools import partial

from django.urls import path

from liuke.core.api.door import api

from .call_back import call_back
from .feedback.by_token import task_of
from .feedback.giving import task_page
from .queues import HOMES
from .views import (
    article_read,
    caller_part,
    goods_part,
    queue_page,
    queues_part,
    report_page,
    similar_beside,
    similar_part,
)

urlpatterns = [
    *(path(f"service/{queue}/", partial(queue_page, queue=queue)) for queue in HOMES),
    path("service/queues/", queues_part),
    path("service/goods/", goods_part),
    path("service/caller/", caller_part),
    path("service/similar/", similar_part),
    path("service/similar/<int:pk>/", similar_beside),
    path("service/read/<int:pk>/", article_read),
    path("service-requests/<int:pk>/report/", report_page),
    path("feedback/<slug:kind>/<int:pk>/task/", task_page),
    path("api/v1/feedback/<slug:kind>/<int:pk>/task", api({"POST": task_of})),
    path("call-back/<str:word>/", call_back),  # for customers, who do not sign in
]
