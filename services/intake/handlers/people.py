"""Stations, receptions and visits, voters' opinions and activities: which function serves which command, query and event."""

from __future__ import annotations

from services.intake.handlers import activities, duties, encounters, stations, voices
from services.intake.tables import activity_store, activity_sums, encounter_store, station_store, voice_store
from shared.contracts import activities as done
from shared.contracts import voices as said
from shared.contracts import voters
from shared.handlers import Handlers, Projection

STATION, ENCOUNTER, VOICE, ACTIVITY = "个联络站", "次接待或走访", "条选民意见", "次代表活动"
LOOK_SECONDS = 3600  # whether somebody is to be reminded: in the last week of a month
SUMMED = ("activity.logged.v1", "activity.cancelled.v1")


def declare(handlers: Handlers) -> None:
    handlers.creates(voters.REGISTER_STATION)(stations.register)
    handlers.changes(voters.CHANGE_STATION, station_store, STATION)(stations.change)
    handlers.changes(voters.CHECK_STATION, station_store, STATION)(stations.check)
    handlers.changes(voters.ASSIGN_TO_STATION, station_store, STATION)(stations.assign)
    handlers.changes(voters.TAKE_FROM_STATION, station_store, STATION)(stations.take)
    handlers.changes(voters.CLOSE_STATION, station_store, STATION)(stations.close)
    handlers.creates(voters.PLAN_RECEPTION)(encounters.plan_reception)
    handlers.creates(voters.LOG_RECEPTION)(encounters.log_reception)
    handlers.creates(voters.LOG_VISIT)(encounters.log_visit)
    handlers.changes(voters.CANCEL_ENCOUNTER, encounter_store, ENCOUNTER)(encounters.cancel)
    handlers.creates(said.RECORD_VOICE)(voices.record)
    handlers.creates(said.HAND_IN)(voices.hand_in)
    handlers.changes(said.ANSWER_VOICE, voice_store, VOICE)(voices.answer)
    handlers.changes(said.PASS_ON_VOICE, voice_store, VOICE)(voices.pass_on)
    handlers.changes(said.GIVE_VOICE, voice_store, VOICE)(voices.give)
    handlers.changes(said.USE_VOICE, voice_store, VOICE)(voices.use)
    handlers.changes(said.TELL_VOTER, voice_store, VOICE)(voices.tell)
    handlers.creates(done.LOG_ACTIVITY)(activities.log)
    handlers.changes(done.CANCEL_ACTIVITY, activity_store, ACTIVITY)(activities.cancel)
    handlers.on(*SUMMED)(activities.sum_up)
    handlers.projects(
        Projection(
            "activity_sums",
            (activity_sums,),
            lambda: [(type, activities.sum_up) for type in SUMMED],
            sources=("intake",),
        )
    )
    handlers.creates(voters.REMIND_OF_DUTIES)(duties.remind)
    handlers.every(LOOK_SECONDS, voters.REMIND_OF_DUTIES)

    handlers.query(voters.STATIONS)(stations.stations)
    handlers.query(voters.STATION)(stations.station)
    handlers.query(voters.ENCOUNTERS)(encounters.encounters)
    handlers.query(voters.DEPUTY_DUTIES)(encounters.deputy_duties)
    handlers.query(said.VOICES)(voices.voices)
    handlers.query(said.VOICE)(voices.voice)
    handlers.query(said.HANDED_IN)(voices.handed_in)
    handlers.query(said.VOTER_JUDGEMENTS_OF)(voices.judgements)
    handlers.query(done.ACTIVITIES)(activities.activities)
    handlers.query(done.ACTIVITY_SUMS)(activities.activity_sums)
