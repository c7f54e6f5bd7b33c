def test_integration() -> None:
    assert True
