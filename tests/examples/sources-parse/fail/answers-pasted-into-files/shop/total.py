Here is the updated code:

```python
def total(prices: list[int]) -> int:
    return sum(prices)
```
