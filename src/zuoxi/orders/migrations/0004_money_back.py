from django.db import migrations, models

from zuoxi.orders import guards


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_ledgers_stay")]

    operations = [
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("return", "Return"),
                    ("exchange", "Exchange"),
                    ("reship", "Reship"),
                    ("money_back", "Money back"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(lambda _apps, editor: guards.install(editor), migrations.RunPython.noop, elidable=False),
    ]
