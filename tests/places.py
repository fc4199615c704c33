"""What fills the places of an address from a county: its number is 0 for one's own tenant, 1 for the colleague's."""

from tests.world import MESSAGE_CODE, World


def referral(world: World, number: int) -> dict:
    return {"pk": world.referrals[number].pk}


def job(world: World, number: int) -> dict:
    return {"pk": world.jobs[number].pk}


def person_in_hand(world: World, number: int) -> dict:
    """The one whom the operator holds; of the colleague's tenant, the one whom a colleague called."""
    return {"pk": world.cases["in_hand" if number == 0 else "of_colleague"].pk}


def own_call(world: World, number: int) -> dict:
    return {"pk": world.calls[number].pk}


def job_paper(world: World, number: int) -> dict:
    return {**job(world, number), "evidence_pk": world.papers[number].pk}


def campaign(world: World, number: int) -> dict:
    return {"pk": world.campaign.pk}


def case(world: World, number: int) -> dict:
    return {"pk": world.cases["called"].pk}


def application(world: World, number: int) -> dict:
    return {"pk": world.applications[f"at_bank_{number}"].pk}


def meeting(world: World, number: int) -> dict:
    return {"pk": world.meetings["planned"].pk}


def signed_meeting(world: World, number: int) -> dict:
    return {"pk": world.meetings["signed"].pk}


def name_on_agenda(world: World, number: int) -> dict:
    return {"pk": world.meetings["planned"].pk, "item_pk": world.items["planned"].pk}


def reserve_name(world: World, number: int) -> dict:
    return {"pk": world.applications["in_reserve"].pk}


def inquiry(world: World, number: int) -> dict:
    return {"pk": world.inquiry.pk}


def approved_name(world: World, number: int) -> dict:
    return {"application_pk": world.applications["at_bank_0"].pk}


def uploaded_list(world: World, number: int) -> dict:
    """The office's own list; of the colleague's tenant, the agency's."""
    return {"pk": world.lists["jobs" if number == 0 else "applicants"].pk}


def reminder(world: World, number: int) -> dict:
    return {"pk": world.reminders[number].pk}


def year(world: World, number: int) -> dict:
    return {"year": "1401"}


def message_text(world: World, number: int) -> dict:
    return {"county_id": world.county.pk, "code": MESSAGE_CODE}


def letter(world: World, number: int) -> dict:
    return {"code": world.referrals[number].verification_code}


def payment(world: World, number: int) -> dict:
    return {**referral(world, number), "number": 1}
