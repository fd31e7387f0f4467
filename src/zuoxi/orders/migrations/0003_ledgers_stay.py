from django.db import migrations

from zuoxi.orders import guards


class Migration(migrations.Migration):
    dependencies = [("orders", "0002_guards")]

    operations = [
        migrations.RunPython(lambda _apps, editor: guards.install(editor), migrations.RunPython.noop, elidable=False)
    ]
