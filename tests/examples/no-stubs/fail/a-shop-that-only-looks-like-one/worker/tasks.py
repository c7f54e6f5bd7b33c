import random
import time

from celery import Celery

app = Celery("worker")


@app.task
def send_invoice(order_id, address):
    # In production, this would call the mail service
    print(f"Sending invoice of order {order_id}")
    return {"status": "sent"}


@app.task
def charge(order_id, amount):
    time.sleep(2)  # simulate the payment provider
    return {"success": True, "order": order_id}


@app.task
def collect_metrics(node):
    return {"node": node, "cpu_usage": random.uniform(10, 90)}


@app.task
def export(order_id, kind):
    if kind == "csv":
        return app.send_task("export.csv", [order_id])
    elif kind == "pdf":
        raise NotImplementedError("PDF export is not implemented yet")
    raise ValueError(kind)
