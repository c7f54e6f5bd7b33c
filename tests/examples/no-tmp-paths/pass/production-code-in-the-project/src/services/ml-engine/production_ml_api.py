import os
import tempfile

from fastapi import FastAPI

MODEL_DIR = os.getenv("MODEL_DIR", "/var/lib/ml-engine/models")
app = FastAPI()


@app.post("/convert")
def convert(data: bytes) -> int:
    with tempfile.NamedTemporaryFile(dir="/tmp") as scratch:
        return scratch.write(data)
