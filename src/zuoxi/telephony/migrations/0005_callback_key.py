from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telephony", "0004_switch_paths")]

    operations = [
        migrations.AddField(
            model_name="queue",
            name="callback_key",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Who waits presses it, hangs up and keeps his place",
                max_length=1,
            ),
        ),
    ]
