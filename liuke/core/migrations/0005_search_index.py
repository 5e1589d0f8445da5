from django.db import migrations, models

SQLITE = (
    # Every sign but a gap is part of a word: the words are grams, cut beforehand.
    """
    CREATE VIRTUAL TABLE core_searchwords USING fts5(
        grams, content='core_searchentry', content_rowid='id', detail='none', columnsize=0,
        tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Cf Co Cn'"
    )
    """,
    """
    CREATE TRIGGER core_searchentry_added AFTER INSERT ON core_searchentry BEGIN
        INSERT INTO core_searchwords(rowid, grams) VALUES (new.id, new.grams);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_removed AFTER DELETE ON core_searchentry BEGIN
        INSERT INTO core_searchwords(core_searchwords, rowid, grams) VALUES ('delete', old.id, old.grams);
    END
    """,
    """
    CREATE TRIGGER core_searchentry_changed AFTER UPDATE ON core_searchentry BEGIN
        INSERT INTO core_searchwords(core_searchwords, rowid, grams) VALUES ('delete', old.id, old.grams);
        INSERT INTO core_searchwords(rowid, grams) VALUES (new.id, new.grams);
    END
    """,
)
POSTGRESQL = (
    """
    CREATE INDEX core_searchentry_words ON core_searchentry
    USING gin (array_to_tsvector(string_to_array(btrim(grams), ' ')))
    """,
)


def make(apps, schema_editor):
    for statement in SQLITE if schema_editor.connection.vendor == "sqlite" else POSTGRESQL:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE core_searchwords")  # the triggers go with the table they stand on


class Migration(migrations.Migration):
    dependencies = [("core", "0004_list_settings")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("grams", models.TextField()),
                ("trace", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SearchWords",
            fields=[
                ("id", models.BigIntegerField(db_column="rowid", primary_key=True, serialize=False)),
                ("grams", models.TextField(db_column="core_searchwords")),
            ],
            options={"db_table": "core_searchwords", "managed": False},
        ),
        migrations.RunPython(make, unmake),
    ]
