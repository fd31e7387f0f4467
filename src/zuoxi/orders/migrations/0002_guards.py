from django.db import migrations

from zuoxi.orders import guards


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_orders")]

    operations = [
        migrations.RunPython(
            lambda _apps, editor: guards.install(editor), lambda _apps, editor: guards.remove(editor), elidable=False
        )
    ]
