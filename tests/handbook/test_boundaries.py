# SPDX-License-Identifier: Apache-2.0
"""Every boundary of the catalogue by its clause, as `zuoxi evaluate` judges it; the cases are in `boundaries.yaml`."""

from pathlib import Path

import pytest
from tests.handbook.scenes import scene, scenes

pytestmark = pytest.mark.once


@pytest.mark.clause("ATT-002")
@scene("handbook_lateness")
def test_handbook_lateness_is_graded_by_the_microsecond(case):
    case.holds()


@pytest.mark.clause("ATT-003")
@scene("handbook_leaving_early")
def test_leaving_early_has_its_own_boundaries(case):
    case.holds()


@pytest.mark.clause("ATT-004", "PAY-005")
@scene("month_of_lateness")
def test_the_third_lateness_of_a_month_costs_the_bonus(case):
    case.holds()


@pytest.mark.clause("ATT-005", "PRF-021", "PAY-005")
@scene("month_of_absence")
def test_a_day_absent_costs_performance_and_three_the_wage(case):
    case.holds()


@pytest.mark.clause("ATT-005", "ATT-017")
@scene("run_of_absence")
def test_three_rostered_days_in_a_row_end_the_employment(case):
    case.holds()


@pytest.mark.clause("ATT-025", "PAY-006")
@scene("chengdu_lateness", "chengdu_leaving_early")
def test_chengdu_fines_lateness_and_leaving_early_from_five_minutes_on(case):
    case.holds()


@pytest.mark.clause("ATT-026")
@scene("chengdu_late_supplement")
def test_chengdu_takes_a_late_request_for_a_day(case):
    case.holds()


@pytest.mark.clause("ATT-025", "ATT-026", "PAY-006", "PAY-007", "PAY-008")
@scene("chengdu_month")
def test_chengdu_takes_two_days_of_wage_for_a_day_absent(case):
    case.holds()


@pytest.mark.clause("ATT-031")
@scene("personnel_lateness", "personnel_leaving_early")
def test_the_staff_rules_charge_lateness_as_leave(case):
    case.holds()


@pytest.mark.clause("ATT-033", "PAY-012", "PRF-022")
@scene("personnel_month")
def test_the_staff_rules_fine_a_day_absent_and_dismiss_after_two(case):
    case.holds()


@pytest.mark.clause("ATT-029", "ATT-030", "CALL-010")
@scene("seat_lateness", "seat_leaving_early")
def test_the_seat_rules_know_lateness_and_beyond_an_hour_absence(case):
    case.holds()


@pytest.mark.clause("CALL-008")
@scene("not_ready")
def test_a_quarter_of_an_hour_not_ready_is_still_within(case):
    case.holds()


@pytest.mark.clause("CALL-005", "MTG-004")
@scene("signing_in")
def test_three_minutes_after_the_handover_is_in_time(case):
    case.holds()


@pytest.mark.clause("CALL-006")
@scene("leaving_the_seat")
def test_the_seat_is_held_for_the_first_half_hour(case):
    case.holds()


@pytest.mark.clause("ATT-006", "ATT-007", "ATT-010", "ATT-011", "ATT-013")
@scene("short_leave")
def test_short_leave_goes_up_step_by_step(case):
    case.holds()


@pytest.mark.clause("ATT-014")
@scene("personal_leave")
def test_personal_leave_has_a_ladder_of_its_own(case):
    case.holds()


@pytest.mark.clause("ATT-013", "ATT-015")
@scene("sick_leave")
def test_sick_leave_goes_by_its_days_and_brings_four_papers(case):
    case.holds()


@pytest.mark.clause("ATT-009")
@scene("leaders_leave")
def test_a_leaders_own_leave_goes_higher(case):
    case.holds()


@scene("leave_of_those_above")
def test_everybody_above_asks_the_next_above(case):
    case.holds()


@pytest.mark.clause("ATT-019")
@scene("places_of_the_day", "places_that_are_not_known")
def test_the_second_leave_of_a_duty_supervisor_goes_to_the_operations_manager(case):
    case.holds()


@pytest.mark.clause("ATT-020")
@scene("cap_of_the_centre")
def test_twelve_people_on_leave_take_the_operations_managers_place(case):
    case.holds()


@pytest.mark.clause("ATT-034", "ATT-035")
@scene("gov_personal_leave", "gov_sick_leave", "gov_other_leave")
def test_a_public_window_asks_section_leader_and_bureau(case):
    case.holds()


@pytest.mark.clause("ATT-027", "ATT-028", "PAY-010", "PAY-011")
@scene("chengdu_leave")
def test_chengdu_asks_the_head_and_files_with_administration(case):
    case.holds()


@pytest.mark.clause("ATT-032", "SCH-008", "PAY-012")
@scene("personnel_leave")
def test_the_staff_rules_charge_what_is_beyond_two_days_a_month(case):
    case.holds()


@pytest.mark.clause("ATT-036")
@scene("telesales_leave")
def test_telesales_asks_the_supervisor_for_any_leave(case):
    case.holds()


@pytest.mark.clause("ORD-002")
@scene("exchange_by_total")
def test_an_exchange_up_to_five_hundred_goes_out_at_once(case):
    case.holds()


@pytest.mark.clause("ORD-001")
@scene("refund_by_inspection")
def test_no_refund_before_the_inspection(case):
    case.holds()


@pytest.mark.clause("SCH-004")
@scene("swap_with_oneself")
def test_one_day_a_month_is_swapped_with_oneself(case):
    case.holds()


@pytest.mark.clause("SCH-005")
@scene("swap_with_a_colleague")
def test_two_days_a_month_are_swapped_with_colleagues_by_both(case):
    case.holds()


@pytest.mark.clause("SCH-003")
@scene("rest_exchanged")
def test_rest_is_exchanged_twice_a_month(case):
    case.holds()


@pytest.mark.clause("SCH-006")
@scene("personnel_swaps")
def test_the_staff_rules_count_swaps_and_not_days(case):
    case.holds()


@pytest.mark.clause("SCH-007")
@scene("heating_swaps")
def test_heating_swaps_by_the_supervisor_within_the_handbooks_numbers(case):
    case.holds()


@pytest.mark.clause("PRF-001", "PRF-002", "PRF-003", "PRF-004", "PRF-005")
@scene("sales_grades")
def test_a_grade_asks_for_all_its_figures(case):
    case.holds()


@pytest.mark.clause("CALL-017")
@scene("calls_of_a_newcomer")
def test_a_newcomer_calls_less_for_half_a_month(case):
    case.holds()


@pytest.mark.clause("RPT-026", "TRN-029")
@scene("fixed_day_of_the_month")
def test_the_thirtieth_of_february_is_its_last_day(case):
    case.holds()


@pytest.mark.clause("RPT-001")
@scene("yesterdays_figures")
def test_ten_oclock_is_too_late_for_yesterdays_figures(case):
    case.holds()


@pytest.mark.clause("TRN-002", "TRN-003")
@scene("summary_of_a_course")
def test_a_course_that_ends_on_friday_is_summed_up_by_tuesday(case):
    case.holds()


@pytest.mark.clause("TRN-016")
@scene("trainee_lateness")
def test_the_second_lateness_ends_a_training(case):
    case.holds()


@pytest.mark.clause("TRN-017")
@scene("trainee_absence")
def test_two_hours_of_lessons_missed_end_a_training(case):
    case.holds()


@pytest.mark.clause("TRN-007", "TRN-009")
@scene("age_of_a_seller", "age_of_others")
def test_the_eighteenth_birthday_itself_is_old_enough(case):
    case.holds()


@pytest.mark.clause("PAY-009", "ATT-028")
@scene("annual_leave_lost")
def test_much_personal_leave_costs_the_annual_leave(case):
    case.holds()


@pytest.mark.clause("ADM-007")
@scene("shuttle_delay")
def test_a_delay_of_a_quarter_of_an_hour_is_announced(case):
    case.holds()


@pytest.mark.clause("ADM-010")
@scene("shuttle_departure")
def test_the_bus_leaves_ten_to_fifteen_minutes_after_the_shift(case):
    case.holds()


@pytest.mark.clause("ADM-001")
@scene("cooling_and_heating")
def test_the_thermometer_decides_about_the_air_conditioner(case):
    case.holds()


@pytest.mark.clause("ADM-002")
@scene("settings_of_the_air_conditioner")
def test_settings_stay_moderate(case):
    case.holds()


@pytest.mark.clause("ATT-018")
@scene("rate_of_a_team")
def test_ninety_five_per_cent_is_enough_for_a_team(case):
    case.holds()


@pytest.mark.clause("FUP-006", "FUP-008")
@scene("satisfaction_worked_out")
def test_satisfaction_is_worked_out_and_a_typed_rate_is_doubted(case):
    case.holds()


@pytest.mark.clause("CUS-019")
@scene("repairs_added_up")
def test_repairs_add_up(case):
    case.holds()


@pytest.mark.clause("EMG-006", "EMG-014")
@scene("cause_of_an_incident")
def test_an_hour_without_a_cause_goes_up_a_level(case):
    case.holds()


@pytest.mark.clause("EMG-009", "EMG-010")
@scene("notices_of_an_incident")
def test_notices_come_by_the_half_hour_and_the_hour(case):
    case.holds()


@pytest.mark.clause("SEC-001", "SEC-002", "SEC-003", "SEC-005", "RPT-023")
@scene("data_that_leaves")
def test_data_leave_the_house_after_two_reviews(case):
    case.holds()


@pytest.mark.clause("PAY-014")
@scene("talk_about_pay")
def test_the_second_warning_over_pay_ends_the_employment(case):
    case.holds()


@pytest.mark.clause("PAY-003")
@scene("overtime_paid")
def test_overtime_below_the_mean_earns_commission_alone(case):
    case.holds()


@pytest.mark.clause("PAY-016")
@scene("full_attendance")
def test_full_attendance_earns_its_bonus(case):
    case.holds()


@pytest.mark.clause("ORD-007")
@scene("points_by_total")
def test_points_go_up_by_what_the_month_has_seen(case):
    case.holds()


@pytest.mark.clause("QA-002")
@scene("samples_of_a_week")
def test_everybody_is_listened_to_three_times_a_week(case):
    case.holds()


@pytest.mark.clause("CUS-007", "CUS-009")
@scene("service_of_a_village")
def test_a_village_settles_within_a_working_day(case):
    case.holds()


@pytest.mark.clause("CUS-012", "CUS-018", "CUS-020")
@scene("service_of_others", "transfers", "repairs_of_the_day")
def test_other_trades_have_their_own_deadlines(case):
    case.holds()


@pytest.mark.clause("VAR-013", "VAR-014")
@scene(
    "rules_that_a_pack_lacks_1",
    "rules_that_a_pack_lacks_2",
    "rules_that_a_pack_lacks_3",
    "rules_that_a_pack_lacks_4",
    "rules_that_a_pack_lacks_5",
)
def test_a_pack_refuses_what_it_does_not_have(case):
    case.holds()


@pytest.mark.clause("CUS-010", "ORG-032")
@scene("ticket_without_an_answer")
def test_a_ticket_ends_with_an_answer(case):
    case.holds()


@pytest.mark.clause("CALL-024", "CUS-004")
@scene("request_written_down")
def test_what_cannot_be_settled_is_written_down_with_a_promised_day(case):
    case.holds()


@pytest.mark.clause("CALL-018")
@scene("calls_still_missing")
def test_whoever_is_short_of_calls_stays(case):
    case.holds()


@pytest.mark.clause("CALL-019", "CUS-003")
@scene("follow_up_written_down")
def test_a_follow_up_says_three_things(case):
    case.holds()


@pytest.mark.clause("PAY-004", "TRN-027")
@scene("standby")
def test_standby_without_base_pay_is_flagged(case):
    case.holds()


@pytest.mark.clause("FLR-029")
@scene("expenses_of_a_journey")
def test_expenses_are_handed_in_within_a_week(case):
    case.holds()


@pytest.mark.clause("ORG-038", "TRN-036")
@scene("meeting_of_the_season")
def test_the_tax_season_meets_every_working_day(case):
    case.holds()


@pytest.mark.clause("ORG-044", "ORG-045", "SCH-026")
@scene("people_of_a_station", "people_of_a_hospital", "people_of_a_hotel")
def test_a_post_has_as_many_people_as_its_rules_ask(case):
    case.holds()


def test_no_scene_is_forgotten():
    """A scene that no test names proves nothing."""
    named = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert not [name for name in scenes() if f'"{name}"' not in named]
