"""Commands and queries of intake about what voters say (选民意见): recorded at stations, or handed in by other systems."""

from typing import Any

from shared.contracts import field as f
from shared.contracts.intake import contracts
from shared.terms import SATISFACTION, TOLD_BY, VOTER_JUDGEMENTS

command, query = contracts.command, contracts.query

LONGEST = 500  # as long as an opinion in a suggestion


def _voter() -> dict[str, Any]:
    return {
        "voter_name": f.text(
            "选民姓名", most=50, required=False, hint="可以不填：匿名的意见一样登记，只是无法回告"
        ),
        "voter_phone": f.text("联系电话", most=30, required=False, hint="只有联络站和联工委看得到"),
        "voter_address": f.text("住址", most=100, required=False),
    }


def _words() -> dict[str, Any]:
    return {
        "words": f.text("意见", most=LONGEST, long=True, hint="只写事情，不写姓名、电话等个人信息"),
        "category": f.listed("类别", "category", required=False),
    }


RECORD_VOICE = command(
    "record_voice", "/stations/<id>/voices", "登记选民意见", "Record what a voter said at a station, with the answer if it was given on the spot.",
    **_words(), on=f.day("日期"), deputy=f.one("听取意见的代表", "deputy", required=False), **_voter(),
    answer=f.text("当场答复", most=1000, required=False, long=True, hint="当场答复清楚的，写在这里，就不用再回告"),
    judgement=f.choice("选民的评价", SATISFACTION, required=False),
)  # fmt: skip
ANSWER_VOICE = command(
    "answer_voice", "/voices/<id>/answer", "答复意见", "Say what is answered to the voter, by the station or by the body to which it was passed on.",
    answer=f.text("答复", most=1000, long=True),
)  # fmt: skip
PASS_ON_VOICE = command(
    "pass_on_voice", "/voices/<id>/pass-on", "转交办理", "Pass the opinion on to a body of its own level (同级单位、12345).",
    to=f.text("转给", most=100, hint="收到意见、负责答复的单位"), note=f.text("说明", most=300, required=False),
)  # fmt: skip
GIVE_VOICE = command(
    "give_voice", "/voices/<id>/give", "交给代表", "Give the opinion to a deputy of a station, who may answer it or use it in a suggestion.",
    station=f.one("联络站", "station"), deputy=f.one("代表", "deputy", required=False),
)  # fmt: skip
USE_VOICE = command(
    "use_voice", "/voices/<id>/use", "写入建议", "Use the opinion in a draft of one's own: the draft shows it, the opinion follows what becomes of it.",
    suggestion=f.one("我的草稿", "suggestion"),
)  # fmt: skip
TELL_VOTER = command(
    "tell_voter", "/voices/<id>/tell", "回告选民", "Record that the voter was told what became of the opinion, and what the voter thinks of it.",
    on=f.day("日期"), how=f.choice("方式", TOLD_BY, default="phone"), words=f.text("说了什么", most=500, long=True),
    judgement=f.choice("选民的评价", VOTER_JUDGEMENTS, required=False),
    opinion=f.text("选民怎么说", most=500, required=False, long=True, hint="只写对办理结果的看法，不写姓名、电话等个人信息"),
)  # fmt: skip
HAND_IN = command(
    "hand_in_voice", "/voices/incoming", "报入意见",
    "For other systems (智慧人大，12345): hand in an opinion under a reference of your own. The same reference again is the same opinion, and answers where it stands.",
    congress=f.congress(), reference=f.text("来件编号", most=100, hint="来件系统自己的编号"), system=f.text("来件系统", most=50, hint="例如：12345热线"),
    station=f.one("联络站", "station", required=False), on=f.day("日期", required=False), **_words(), **_voter(),
)  # fmt: skip

VOICES = query(
    "voices", "/voices", "选民意见", "Opinions that you may know of, the newest first. The voter's own data is for the station and the congress's office.",
    congress=f.congress(required=False), station=f.one("联络站", "station", required=False), state=f.text("状态", most=20, required=False),
    suggestion=f.one("建议", "suggestion", required=False), judgement=f.choice("选民的评价", {**VOTER_JUDGEMENTS, "none": "没有评价"}, required=False),
    year=f.number("回告年度", most=2100, default=0), after=f.one("上一页最后一条", "voice", required=False),
    limit=f.number("条数", least=1, most=200, default=50),
)  # fmt: skip
VOICE = query(
    "voice", "/voices/<id>", "选民意见", "One opinion with what became of it, and what you may do.", id=f.one("意见", "voice"),
)  # fmt: skip
VOTER_JUDGEMENTS_OF = query(
    "voter_judgements", "/voices/judgements", "选民评价", "What voters think of what came of their opinions, in a year: of a congress by station, or of one station.",
    congress=f.congress(), station=f.one("联络站", "station", required=False), year=f.number("年度", most=2100, default=0),
)  # fmt: skip
HANDED_IN = query(
    "handed_in", "/voices/incoming", "来件的办理情况", "For other systems: where an opinion stands that you handed in under this reference.",
    reference=f.text("来件编号", most=100),
)  # fmt: skip
