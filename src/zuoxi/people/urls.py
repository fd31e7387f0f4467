# SPDX-License-Identifier: Apache-2.0
"""Of allauth only what is used here stands; sign-up, e-mail and password-by-mail have no address at all."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.usersessions import views as sessions
from django.urls import URLPattern, URLResolver, include, path

from zuoxi.people.views import imports, organisation, password, posts, staff
from zuoxi.people.views import path as ways

pages: list[URLPattern | URLResolver] = [
    path("staff/", staff.staff_list, name="staff"),
    path("staff/import/", imports.upload, name="import"),
    path("staff/import/<slug:token>/", imports.checked, name="import_checked"),
    path("staff/import/<slug:token>/take/", imports.take, name="import_take"),
    path("staff/import/<slug:token>/rejects.csv", imports.rejects, name="import_rejects"),
    path("staff/<str:code>/", staff.person, name="person"),
    path("staff/<str:code>/reveal/", staff.reveal, name="reveal"),
    path("staff/<str:code>/password/", staff.hand_out_password, name="hand_out_password"),
    path("staff/<str:code>/sessions/end/", staff.end_sessions, name="end_sessions"),
    path("staff/<str:code>/leave/", staff.leave, name="leave"),
    path("staff/<str:code>/transfer/", staff.transfer, name="transfer"),
    path("people/changes/", ways.changes, name="changes"),
    path("people/changes/<int:pk>/call-off/", ways.call_off, name="call_off"),
    path("people/handovers/", ways.handovers, name="handovers"),
    path("people/handovers/<int:pk>/", ways.handover, name="handover"),
    path("people/handovers/<int:pk>/lines/", ways.add_line, name="handover_line"),
    path("people/handovers/<int:pk>/lines/<int:item>/", ways.tick, name="handover_tick"),
    path("people/handovers/<int:pk>/sign/", ways.sign, name="handover_sign"),
    path("people/loans/", ways.loans, name="loans"),
    path("people/loans/<int:pk>/end/", ways.end_loan, name="end_loan"),
    path("people/headcount/", ways.headcount, name="headcount"),
    path("people/headcount/<str:code>/confirm/", ways.confirm, name="confirm_headcount"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/posts/", posts.posts, name="posts"),
    path("organisation/teams/add/", organisation.add_team, name="add_team"),
    path("organisation/projects/add/", organisation.add_project, name="add_project"),
    path("teams/<str:code>/", organisation.team, name="team"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/login/", account.login, name="account_login"),
    path("accounts/logout/", account.logout, name="account_logout"),
    path("accounts/inactive/", account.account_inactive, name="account_inactive"),
    path("accounts/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("accounts/password/change/", password.change_password, name="account_change_password"),
    path("accounts/2fa/", mfa.index, name="mfa_index"),
    path("accounts/2fa/authenticate/", mfa.authenticate, name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/2fa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("accounts/2fa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("accounts/2fa/recovery-codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "accounts/2fa/recovery-codes/generate/",
        recovery.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "accounts/2fa/recovery-codes/download/",
        recovery.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("accounts/sessions/", sessions.list_usersessions, name="usersessions_list"),
    path("", include((pages, "people"))),
]
