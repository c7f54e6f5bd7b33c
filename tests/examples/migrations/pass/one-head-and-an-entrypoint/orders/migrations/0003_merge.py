from django.db import migrations


class Migration(migrations.Migration):
    dependencies = (("orders", "0002_price"), ("orders", "0002_tax"),)
