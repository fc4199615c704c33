import pytest


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_watchers_pages_answer_to_anybody(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert response.json()["ok"] is True


@pytest.mark.django_db
def test_without_redis_the_site_is_alive_but_not_ready(client, settings):
    settings.REDIS_URL = "unix:///nowhere/redis.sock"
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json() == {"ok": False, "database": True, "redis": False}
