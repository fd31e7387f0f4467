# SPDX-License-Identifier: Apache-2.0
"""Follow-ups and surveys by their clauses; the cases are in `followups.yaml`."""

import pytest
from tests.handbook.scenes import scene

pytestmark = pytest.mark.once


@pytest.mark.clause("FUP-009")
@scene("hours_of_follow_ups")
def test_patients_are_called_in_the_hours_of_follow_ups_and_never_in_their_quiet_time(case):
    case.holds()


@pytest.mark.clause("FUP-002")
@scene("agreed_times_that_failed")
def test_the_third_agreed_time_that_fails_ends_the_follow_up(case):
    case.holds()


@pytest.mark.clause("FUP-001", "VAR-003")
@scene("six_answers_after_a_repair", "no_repairs_elsewhere")
def test_the_fee_is_named_only_to_who_is_content_and_owes_it_and_money_taken_is_a_complaint(case):
    case.holds()


@pytest.mark.clause("ORD-005")
@scene("reasons_of_refusals")
def test_a_reason_that_says_nothing_is_sent_back(case):
    case.holds()


@pytest.mark.clause("ORD-010")
@scene("share_of_other_reasons")
def test_more_than_a_fifth_of_other_asks_for_finer_reasons(case):
    case.holds()


@pytest.mark.clause("FUP-008", "FUP-013")
@scene("people_reached")
def test_more_people_reached_than_there_were_is_no_rate(case):
    case.holds()


@pytest.mark.clause("FUP-008", "FUP-011")
@scene("answers_of_departments")
def test_a_department_answers_until_the_end_of_its_last_working_day(case):
    case.holds()


@pytest.mark.clause("CUS-023", "FUP-014")
@scene("check_ups_step_by_step")
def test_of_nothing_there_is_no_share(case):
    case.holds()


@pytest.mark.clause("FUP-012")
@scene("appointments_kept")
def test_ninety_eight_of_a_hundred_appointments_reach_what_is_asked(case):
    case.holds()


@pytest.mark.clause("ORD-005", "FUP-004", "FUP-009")
@scene("when_a_follow_up_is_due")
def test_a_refused_parcel_is_followed_up_within_a_day_and_in_the_hours_of_calling(case):
    case.holds()
