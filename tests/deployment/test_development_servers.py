"""Which commands start a server made for development."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shipworthy.deployment.development_servers import development_server


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("npm run dev", "npm run dev"),
        ("yarn dev", "yarn dev"),
        ("pnpm --filter web run start:dev", "pnpm run start:dev"),
        ("bun --hot server.ts", "bun --hot"),
        ("tini -- npx nodemon main.js", "nodemon"),
        ("vite", "vite"),
        ("vite preview --port 80", "vite preview"),
        ("nest start --watch", "nest --watch"),
        ("node --watch main.js", "node --watch"),
        ("python -m flask --app shop run", "flask run"),
        ("python3.13 manage.py runserver 0:80", "manage.py runserver"),
        ("uv run uvicorn app:app --reload", "uvicorn --reload"),
        ("php -S 0.0.0.0:80", "php -S"),
        ("./mvnw spring-boot:run", "mvnw spring-boot:run"),
        ("go run ./cmd/api", "go run"),
        ("dotnet watch run", "dotnet watch"),
        ("turbo run dev", "turbo run dev"),
    ],
)
def test_is_one(command: str, expected: str) -> None:
    assert development_server(command.split()) == expected


@pytest.mark.parametrize(
    "command",
    [
        "npm start",
        "npm run start:prod",
        "npm run deploy",
        "node main.js",
        "next start",
        "vite build",
        "nest start",
        "gunicorn app:app",
        "uvicorn app:app --reload=false",
        "fastapi run",
        "python main.py",
        "python -m app",
        "php-fpm",
        "java -jar app.jar",
        "air-traffic",
        "go version",
        "reflex run --env prod",
        "",
    ],
)
def test_is_none(command: str) -> None:
    assert development_server(command.split()) == ""


@given(
    st.lists(
        st.sampled_from(["npm", "run", "--", "-m", "python", "x=1", "vite", "--filter", "-", "", "php", "artisan"])
    )
)
def test_any_words(words: list[str]) -> None:
    assert isinstance(development_server(words), str)
