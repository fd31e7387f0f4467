# SPDX-License-Identifier: Apache-2.0
"""A second switch: a seeded call centre that speaks AMI, writes queue_log and CEL, and can be run as history at once.

A plain library without Django: `centre` says who works and who calls, `engine` plays it, and what happens is told to
listeners (`happenings`) that make facts, log lines, or manager frames of it.
"""
