# SPDX-License-Identifier: Apache-2.0
"""Duties: what each post owes again and again, made into to-dos when due, delivered with proof, counted. 汇报义务"""
