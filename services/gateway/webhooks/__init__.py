"""Webhooks: who wants which events posted where, and the posting.

services' logs ──fan-out, each position once──▶ webhook_deliveries ──post, until it is taken──▶ receivers
"""
