"""The shape of the code, read from the code itself. Every rule here has a planted fault that it must find."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
FLOORS = {
    "iran": 0,
    "audit": 1,
    "accounts": 1,
    "background": 1,
    "messaging": 1,
    "quotas": 2,
    "applicants": 3,
    "working_group": 4,
    "banks": 5,
    "employment_tracking": 6,
    "tracking": 7,
    "oversight": 7,
    "demo": 8,
}
# Two doors of the project package may look at the apps: the map of addresses and the office's first page.
PROJECT_DOORS = {"abarkuh_loans/urls.py", "abarkuh_loans/api_urls.py", "abarkuh_loans/admin_site.py"}
# The faces of the system: whatever answers a person. They see rows through the scoped manager alone.
FACES = ("views", "forms", "admin", "api", "tables", "dashboard")
NOT_SAID = ("utils", "helpers", "common", "misc", "services", "selectors", "signals", "signal_receivers")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for app in [*FLOORS, "abarkuh_loans"]:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/tests/" not in name and "/migrations/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


def upward_arrows(name: str, tree: ast.Module) -> list[str]:
    """Imports of an app from the same floor or a higher one; the project package may import no app at all."""
    own = name.split("/")[0]
    found = []
    for module, line in imported(tree):
        target = module.split(".")[0]
        if target not in FLOORS or target == own:
            continue
        if own == "abarkuh_loans":
            allowed = target == "iran" or name in PROJECT_DOORS
        else:
            allowed = FLOORS[target] < FLOORS[own]
            # the ground floor's neighbours: the trail knows nobody, people and work may use it
            allowed = allowed or (FLOORS[own] == 1 and target in ("audit", "accounts") and own != "audit")
        if not allowed:
            found.append(f"{name}:{line} imports {module}")
    return found


def hidden_imports(name: str, tree: ast.Module) -> list[str]:
    return [
        f"{name}:{inner.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]


def is_workflow(name: str) -> bool:
    return name.endswith("/workflow.py") or "/workflow/" in name


def states_written(name: str, tree: ast.Module) -> list[str]:
    """``x.status = …``, ``.update(status=…)`` and ``update_fields`` with a state outside a workflow."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "status" and isinstance(node.ctx, ast.Store):
            found.append(f"{name}:{node.lineno} assigns a status")
        in_bulk = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "update"
        if in_bulk and any(keyword.arg == "status" for keyword in node.keywords):
            found.append(f"{name}:{node.lineno} updates a status")
    return [] if is_workflow(name) else found


def unscoped_looks(name: str, tree: ast.Module) -> list[str]:
    """A face that uses ``everything``, ``_base_manager`` or raw SQL."""
    room = name.split("/")[-1].removesuffix(".py")
    folder = name.split("/")[-2] if "/" in name else ""
    if not (room.startswith(FACES) or folder in FACES):
        return []
    return [
        f"{name}:{node.lineno} uses {node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("everything", "_base_manager", "raw", "cursor")
    ]


def broad_excepts(name: str, tree: ast.Module) -> list[str]:
    return [
        f"{name}:{node.lineno}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in ("Exception", "BaseException")))
    ]


def floats_near_money(name: str, tree: ast.Module) -> list[str]:
    return [
        f"{name}:{node.lineno}"
        for node in ast.walk(tree)
        if (isinstance(node, ast.Attribute) and node.attr == "FloatField")
    ]


RULES = {
    "no import of the same or a higher floor": upward_arrows,
    "no import inside a function": hidden_imports,
    "a state is written in its workflow alone": states_written,
    "what answers a person sees scoped rows only": unscoped_looks,
    "no except that swallows everything": broad_excepts,
    "no float column": floats_near_money,
}
PLANTED = {
    "no import of the same or a higher floor": ("quotas/rules.py", "from applicants.models import Application"),
    "no import inside a function": ("banks/views.py", "def f():\n    import json"),
    "a state is written in its workflow alone": ("banks/views.py", "referral.status = 'paid'"),
    "what answers a person sees scoped rows only": ("banks/views.py", "Referral.everything.all()"),
    "no except that swallows everything": ("banks/letters.py", "try:\n    f()\nexcept Exception:\n    pass"),
    "no float column": ("quotas/models/credit.py", "models.FloatField()"),
}


@pytest.mark.parametrize("rule", RULES)
def test_the_code_keeps_its_shape(rule):
    faults = [fault for name, tree in modules() for fault in RULES[rule](name, tree)]

    assert not faults


@pytest.mark.parametrize("rule", RULES)
def test_a_planted_fault_is_found(rule):
    name, source = PLANTED[rule]

    assert RULES[rule](name, ast.parse(source))


def test_the_project_package_imports_no_app_elsewhere():
    assert upward_arrows("abarkuh_loans/settings.py", ast.parse("import quotas.models"))
    assert not upward_arrows("abarkuh_loans/urls.py", ast.parse("import quotas.urls"))


def test_a_state_updated_in_bulk_is_found():
    assert states_written("banks/admin.py", ast.parse("rows.update(status='paid')"))
    assert not states_written("banks/workflow.py", ast.parse("rows.update(status='paid')"))


def test_no_room_without_a_name():
    assert not [path for app in FLOORS for name in NOT_SAID for path in (ROOT / app).rglob(f"{name}.py")]


def test_no_room_grows_past_four_hundred_lines():
    long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for app in [*FLOORS, "abarkuh_loans", "devservices", "tests"]
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    ]

    assert not long


def test_no_function_grows_past_fifty_lines():
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno > 50
    ]

    assert not long


# Rows that belong to nobody in particular: reference data, and what is reached through its parent alone.
OPEN_MODELS = {
    "accounts.County",
    "accounts.ExecutiveAgency",
    "accounts.Bank",
    "accounts.Branch",
    "accounts.User",  # found before anybody is signed in; its own visible_to guards the lists
    "quotas.YearRule",
    "quotas.LoanTerm",
    "quotas.RequiredInquiry",
    "quotas.AgentBank",
    "quotas.RankingCriterion",
    "quotas.JobQuotaNotice",
    "quotas.JobPlanMonth",
    "applicants.LineRestriction",
    "audit.AuditEntry",
    "audit.AuditSeal",
}


def test_every_model_says_who_may_see_its_rows():
    """A model made later is scoped from its first day, or stands in the list above with its reason."""
    unscoped = {
        model._meta.label
        for model in apps.get_models()
        if model._meta.app_label in FLOORS and not hasattr(model, "everything")
    }

    assert unscoped == OPEN_MODELS


def test_every_moment_of_an_act_has_its_actor():
    """``x_at`` beside ``x_by``: the database keeps the two together."""
    for model in apps.get_models():
        if model._meta.app_label not in FLOORS:
            continue
        columns = {field.name: field for field in model._meta.fields}
        checks = " ".join(
            str(constraint.condition) for constraint in model._meta.constraints if hasattr(constraint, "condition")
        )
        for name, field in columns.items():
            actor = columns.get(name.removesuffix("_at") + "_by")
            if name.endswith("_at") and actor is not None and field.null:
                assert name in checks and actor.name in checks, f"{model._meta.label}.{name}"
