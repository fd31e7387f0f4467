# SPDX-License-Identifier: Apache-2.0
from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "zuoxi.config"
    label = "config"
