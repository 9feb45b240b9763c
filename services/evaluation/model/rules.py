"""Who may do what with a suggestion's evaluation, in which state.

Source: docs/domain "Life of a suggestion", 9, 10 and 12. The rules, plainly:

* Each deputy who got a reply judges it once, process and result apart. Nobody else can, whatever their role.
* A reply that is off the point is sent back, with a new date, as long as nobody has judged it. The forms on it lapse,
  and nothing counts it as a reply; nor is it a rehandling.
* When any deputy is not satisfied, with process or result, the liaison office may order rehandling of that
  reply; the forms on it that are still out lapse, and the next reply is put to every deputy anew.
* When the lead deputy is not satisfied with the result of a unit's first reply, rehandling has to be ordered:
  the suggestion cannot be closed without it. A congress may lay down that any deputy, most or all of them decide
  instead, and that the process counts as the result does.
* When only a cosigner is not satisfied, or only with the process, the office may close, but has to say what was done
  about it: a measure that was taken, or a note.
* When the reply after rehandling does not satisfy either, the congress hears of it (nobody else does), and the office
  closes with the measure that was taken (the person in charge summoned, made public, …) or the reason for none.
* A measure is looked up among those that supervision took for the unit since its reply did not satisfy; and a talk or an
  inquiry that was proposed is decided before anything is closed.
* What a look-back finds not so, or not wholly, or a deputy says so of a promise, the office may reopen though it is closed or
  published: the unit handles it again by a day that is given with it, and the reply that was not so counts as solved no more.
* Units learn of judgements when the suggestion is closed, or later, or never, with names or without: `back_to_back.py`.
  So does the office that distributes. It may send a reply back; that it is too late for it is told when it tries.
* When a unit answers that all that its reply promised is done, each deputy who got the reply says whether it is so. Where one says
  that it is not, the office answers, or has the unit handle it again; units are told neither.
* Closing waits until every deputy has judged every unit's newest reply, or the time for feedback is over.
  Silence is not satisfaction: who did not answer, or answered too late, counts in no figure of satisfaction.
* The system publishes what is closed where the congress has a practice that says so (答复全部公开).
"""

from shared.identity import SUPERVISORS_OF_THE_CONGRESS
from shared.rules import Rule, Rules

STATES = {
    "accepted": "待交办",
    "handling": "办理中",
    "asked": "待代表反馈",
    "assessed": "待办结",
    "rehandling": "再次办理",
    "closed": "已办结",
    "published": "已公开",
    "merged": "已并案",
}
OPEN_STATES = ("handling", "asked", "assessed", "rehandling")

RULES = Rules(
    "件建议的评价",
    STATES,
    [
        Rule("give_feedback", "填写征询意见表", ("answered_deputy",), OPEN_STATES),
        Rule("order_rehandling", "要求再次办理", ("liaison",), OPEN_STATES),
        Rule("send_reply_back", "退回重新答复", ("liaison", "distributing"), OPEN_STATES),
        Rule("close_suggestion", "办结", ("liaison",), ("asked", "assessed")),
        Rule("publish_suggestion", "公开", ("liaison", "system"), ("closed",)),
        Rule("reopen_suggestion", "重新办理", ("liaison",), ("closed", "published")),
        Rule("judge_kept", "评价承诺兑现", ("answered_deputy",), (*OPEN_STATES, "closed", "published")),
        Rule("answer_kept", "答复代表对兑现的意见", ("liaison",), (*OPEN_STATES, "closed", "published")),
    ],
)
OVERSEERS = (
    "liaison",
    "distributing",
    *SUPERVISORS_OF_THE_CONGRESS,
)  # who sees all of a congress's evaluations, and of judgements what they may
# Who hears how deputies judge before units do: the congress's own people. The office that distributes, often the
# government's and itself a unit, belongs to those who are judged.
HEARING = ("liaison", *SUPERVISORS_OF_THE_CONGRESS)
