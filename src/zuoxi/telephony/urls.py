# SPDX-License-Identifier: Apache-2.0
from django.urls import URLPattern, URLResolver, path

from zuoxi.telephony.views import call, calls, drift, lists, recordings, settings, states

app_name = "telephony"
urlpatterns: list[URLPattern | URLResolver] = [
    path("calls/", calls.call_list, name="calls"),
    path("calls/export/", calls.call_export, name="export_calls"),
    path("calls/<int:pk>/", call.call_page, name="call"),
    path("calls/<int:pk>/number/", call.reveal_number, name="reveal_number"),
    path("recordings/", recordings.recording_list, name="recordings"),
    path("recordings/<int:pk>/", recordings.recording_page, name="recording"),
    path("recordings/<int:pk>/peaks/", recordings.recording_peaks, name="recording_peaks"),
    path("recordings/<int:pk>/audio/", recordings.recording_audio, name="recording_audio"),
    path("recordings/<int:pk>/download/", recordings.recording_download, name="recording_download"),
    path("recordings/<int:pk>/hold/", recordings.recording_hold, name="recording_hold"),
    path("states/", states.team_day, name="states"),
    path("states/<str:agent>/", states.agent_day, name="agent_day"),
    path("telephony/drift/", drift.drift_page, name="drift"),
    path("telephony/drift/verify/", drift.verify_now, name="verify_now"),
    path("telephony/quarantine/", drift.quarantine_page, name="quarantine"),
    path("telephony/evidence/<int:pk>/", drift.evidence_page, name="evidence"),
    path("telephony/settings/", settings.settings_home, name="settings"),
    path("telephony/settings/members/", settings.memberships, name="memberships"),
    path("telephony/settings/switch/<int:pk>/files/", settings.switch_preview, name="switch_preview"),
    path("telephony/settings/<slug:key>/", settings.setting_list, name="setting_list"),
    path("telephony/settings/<slug:key>/new/", settings.setting_edit, name="setting_new"),
    path("telephony/settings/<slug:key>/<int:pk>/", settings.setting_edit, name="setting_edit"),
    path("telephony/settings/<slug:key>/<int:pk>/remove/", settings.setting_remove, name="setting_remove"),
    path("telephony/views/<slug:page>/save/", lists.save_view, name="save_view"),
    path("telephony/views/<int:pk>/drop/", lists.drop_view, name="drop_view"),
]
