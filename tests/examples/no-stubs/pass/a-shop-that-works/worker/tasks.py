import random
import time

from celery import Celery

app = Celery("worker")


@app.task
def send_invoice(order_id, address):
    app.mail.send(address, template="invoice", order=order_id)
    return {"status": "sent"}


def wait_before_retry(attempt):
    time.sleep(2**attempt + random.random())


def export(order_id, kind):
    if kind == "csv":
        return app.send_task("export.csv", [order_id])
    raise NotImplementedError(f"{kind} is not supported")
