# SPDX-License-Identifier: Apache-2.0
"""The handbook in a real browser: read, tried, changed."""

FIGURE = "attendance.late.half_day_absence_after_minutes"


def test_somebody_reads_tries_and_proposes(sign_in_as, accessible, shot):
    page = sign_in_as("DIR")
    for name, address in (
        ("handbook", "/handbook/"),
        ("handbook-figures", "/handbook/figures/?domain=ATT"),
        ("handbook-figure", f"/handbook/figures/{FIGURE}/"),
        ("handbook-rules", "/handbook/rules/"),
        ("handbook-questions", "/handbook/questions/"),
        ("handbook-compare", "/handbook/compare/?b=chengdu"),
        ("handbook-law", "/handbook/law/"),
        ("handbook-clause", "/clauses/ATT-002/"),
    ):
        page.goto(address)
        accessible(page)
        shot(page, name)
    page.goto("/handbook/rules/attendance.arrival/")
    page.fill("#f_rostered_start", "2026-11-23T08:00:00")
    page.fill("#f_signed_in_at", "2026-11-23T08:20:00")
    page.select_option("#f_excused", "false")
    page.click("form.zx-form-grid button.btn-primary")
    page.wait_for_selector("#finding")
    accessible(page)
    shot(page, "handbook-rule")
    page.goto(f"/handbook/figures/{FIGURE}/amend/")
    accessible(page)
    shot(page, "handbook-amend")
    page.fill("[name=value]", "20")
    page.fill("[name=since]", "2030-01-01")
    page.fill("[name=reason]", "雪天路滑，给十分钟余地")
    page.click("main form .btn-primary")
    page.wait_for_url("**/handbook/amendments/*/")
    accessible(page)
    shot(page, "handbook-amendment")
