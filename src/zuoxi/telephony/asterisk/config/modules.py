# SPDX-License-Identifier: Apache-2.0
"""The modules a call centre needs and no others: a start under a second, and no doors that nobody uses."""

from .text import ConfFile

_CORE = """res_sorcery_config res_sorcery_memory res_sorcery_astdb res_timing_timerfd res_rtp_asterisk res_srtp
res_crypto res_musiconhold res_http_websocket res_stasis res_mutestream res_curl""".split()
_SIP = """res_pjproject res_pjsip res_pjsip_session res_pjsip_sdp_rtp res_pjsip_caller_id res_pjsip_nat
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_outbound_registration
res_pjsip_registrar res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest res_pjsip_pubsub
res_pjsip_rfc3326 res_pjsip_dtmf_info res_pjsip_header_funcs res_pjsip_refer res_pjsip_transport_websocket
res_pjsip_acl res_pjsip_path chan_pjsip""".split()
_MEDIA = """bridge_simple bridge_softmix bridge_holding bridge_native_rtp bridge_builtin_features
codec_ulaw codec_alaw codec_a_mu codec_g722 codec_resample codec_opus_open_source res_format_attr_opus
format_wav format_pcm format_sln""".split()
_DIALPLAN = """pbx_config app_dial app_queue app_mixmonitor app_playback app_stack app_verbose app_chanspy
app_exec app_originate app_cdr app_celgenuserevent app_userevent app_read app_record app_softhangup
app_system app_senddtmf app_bridgeaddchan app_confbridge app_channelredirect app_echo app_db app_playtones
func_channel func_callerid func_strings func_logic func_math func_global func_cdr func_timeout func_hangupcause
func_cut func_groupcount func_uri func_periodic_hook func_db func_devstate func_dialplan func_pjsip_endpoint
func_pjsip_aor func_pjsip_contact func_env func_export""".split()
_RECORDS = "cdr_csv cdr_manager cel_custom res_cdrel_custom".split()


def modules(installed: frozenset[str] | None = None) -> str:
    """``modules.conf``. ``installed``: module names present (without ``.so``); others are left out; None = list all."""
    wanted = [*_CORE, *_SIP, *_MEDIA, *_DIALPLAN, *_RECORDS]
    conf = ConfFile()
    conf.section("modules").switch("autoload", False)
    conf.load(f"{name}.so" for name in wanted if installed is None or name in installed)
    return conf.text()
