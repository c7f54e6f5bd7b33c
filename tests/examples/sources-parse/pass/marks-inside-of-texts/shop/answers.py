"""Writes answers.

```python
answer()
```
"""

TEXT = """
Here is the updated code:

```
x
```
"""


def answer() -> str:
    # ... rest of the code remains unchanged
    return TEXT
