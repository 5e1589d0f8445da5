from django.db import migrations

# PostgreSQL gathers new words of the index in a list that every search reads through: it is kept short.
SHORT = "ALTER INDEX core_searchentry_words SET (gin_pending_list_limit = 256)"


def shorten(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(SHORT)


class Migration(migrations.Migration):
    dependencies = [("core", "0005_search_index")]

    operations = [migrations.RunPython(shorten, migrations.RunPython.noop)]
