def test_security() -> None:
    assert True
