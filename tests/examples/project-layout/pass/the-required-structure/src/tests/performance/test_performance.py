def test_performance() -> None:
    assert True
