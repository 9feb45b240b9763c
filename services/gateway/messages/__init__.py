"""Messages to people: on the screen always, by mail and to the phone where somebody has asked for it.

event ──occasions: who, in which words──▶ messages ──one delivery for each way──▶ message_deliveries ──▶ SMTP, HTTP gateway
"""
