"""Commands and queries of the directory: who is who."""

from marshmallow import fields

from shared.contracts import Contracts
from shared.contracts import field as f
from shared.offices import OFFICE_KINDS
from shared.terms import FINDINGS, MATERIAL_KINDS, MATERIAL_READERS, UNIT_KINDS

contracts = Contracts("directory")
command, query = contracts.command, contracts.query

ROLES = {
    "deputy": "人大代表", "liaison": "联工委", "distributing": "交办单位", "handler": "承办单位经办人",
    "unit_clerk": "专门联络员（处室）", "section_head": "处室负责人", "deputy_head": "承办单位分管负责人", "unit_head": "承办单位负责人", "supervisor": "督办领导", "standing_leader": "常委会领导",
    "government_leader": "政府领导", "committee": "专门委员会", "station": "代表联络站", "operator": "运维人员", "integrator": "对接系统",
    "judgements": "对接系统（可接收代表评价）",
}  # fmt: skip

REGISTER_DIVISIONS = command(
    "register_divisions", "/divisions", "登记区划", "Register divisions and the congresses among them (operators).",
    divisions=f.items(
        "区划", most=5000, path=f.congress("区划"), code=f.text("代码", most=16), name=f.text("名称", most=64),
        level=f.text("级别", most=16), parent=f.congress("上级", required=False), has_congress=fields.Boolean(required=True),
    ),
)  # fmt: skip
OPEN_SESSION = command(
    "open_session", "/sessions", "设立会议", "Register a session (会议) of a congress with its dates.",
    congress=f.congress(), term=f.number("届", least=1, most=99), ordinal=f.number("次", least=1, most=99),
    opens_on=f.day("开幕日期"), closes_on=f.day("闭幕日期"),
)  # fmt: skip
REGISTER_DELEGATION = command(
    "register_delegation", "/delegations", "登记代表团", "Register a delegation (代表团) of a congress.",
    congress=f.congress(), name=f.text("名称", most=50),
)  # fmt: skip
REGISTER_DEPUTY = command(
    "register_deputy", "/deputies", "登记代表", "Register a deputy's seat at a congress.",
    congress=f.congress(), name=f.text("姓名", most=50), delegation=f.one("代表团", "delegation", required=False),
)  # fmt: skip
REGISTER_UNIT = command(
    "register_unit", "/units", "登记承办单位", "Register a handling unit; `parent` makes units a tree.",
    congress=f.congress(), name=f.text("名称", most=100), short=f.text("简称", most=30, required=False),
    kind=f.choice("类别", UNIT_KINDS, default="government"), parent=f.one("上级单位", "unit", required=False),
)  # fmt: skip
MOVE_UNIT = command(
    "move_unit", "/units/<id>/parent", "调整上级单位",
    "Hang a unit below another one, or below none; a unit of another congress is for operators to choose.",
    parent=f.one("上级单位", "unit", required=False),
)  # fmt: skip
CHANGE_SESSION = command(
    "change_session", "/sessions/<id>/change", "变更会议", "Change the dates of a session.",
    opens_on=f.day("开幕日期"), closes_on=f.day("闭幕日期"),
)  # fmt: skip
CHANGE_DELEGATION = command(
    "change_delegation", "/delegations/<id>/change", "变更代表团", "Change the name of a delegation.", name=f.text("名称", most=50),
)  # fmt: skip
NAME_DELEGATION_HEAD = command(
    "name_delegation_head", "/delegations/<id>/head", "登记团长",
    "Name the head (团长) of a delegation, one of its members, who confirms what is handed in as the whole delegation's; nobody where it is left out.",
    deputy=f.one("团长", "deputy", required=False),
)  # fmt: skip
CHANGE_DEPUTY = command(
    "change_deputy", "/deputies/<id>/change", "变更代表", "Change a deputy's name or delegation.",
    name=f.text("姓名", most=50), delegation=f.one("代表团", "delegation", required=False),
)  # fmt: skip
VACATE = command(
    "vacate_seat", "/deputies/<id>/vacate", "登记代表资格终止", "The deputy's seat falls vacant: resigned, recalled, moved away, died.",
    on=f.day("终止日期"), reason=f.text("原因", most=200),
)  # fmt: skip
CHANGE_UNIT = command(
    "change_unit", "/units/<id>/change", "变更承办单位", "Change a unit's name or kind.",
    name=f.text("名称", most=100), short=f.text("简称", most=30, required=False), kind=f.choice("类别", UNIT_KINDS, default="government"),
)  # fmt: skip
CLOSE_UNIT = command(
    "close_unit", "/units/<id>/close", "停用承办单位", "A unit is abolished or merged: it gets nothing new.", reason=f.text("原因", most=200),
)  # fmt: skip
REOPEN_UNIT = command(
    "reopen_unit", "/units/<id>/reopen", "恢复承办单位", "A unit that was closed gets suggestions again.", reason=f.text("原因", most=200),
)  # fmt: skip
REGISTER_OFFICE = command(
    "register_office", "/offices", "登记职务", "Register a post (职务) of who leads supervision, sponsors handling or oversees a field.",
    congress=f.congress(), name=f.text("职务名称", most=50, hint="例如：常委会副主任（分管财经）、财政经济委员会"), kind=f.choice("类别", OFFICE_KINDS),
)  # fmt: skip
CHANGE_OFFICE = command(
    "change_office", "/offices/<id>/change", "变更职务", "Change the name of a post.", name=f.text("职务名称", most=50),
)  # fmt: skip
APPOINT = command(
    "appoint", "/offices/<id>/appoint", "登记任职",
    "Somebody holds the post from a day on; what the post has to supervise passes on. Several hold a committee's post at once.",
    account=f.one("任职人员", "account"), since=f.day("任职日期"), reason=f.text("依据", most=200, required=False, hint="例如：第一次会议选举"),
)  # fmt: skip
RELIEVE = command(
    "relieve", "/offices/<id>/relieve", "登记免职", "Who holds the post does so no more from a day on.",
    account=f.one("免职人员", "account"), on=f.day("免职日期"), reason=f.text("依据", most=200, required=False),
)  # fmt: skip
CLOSE_OFFICE = command(
    "close_office", "/offices/<id>/close", "撤销职务", "A post that nobody holds is abolished.", reason=f.text("原因", most=200),
)  # fmt: skip
ADD_ACCOUNT = command(
    "add_account", "/accounts", "开立账号", "Add an account with a password and roles at congresses or units. For a deputy's seat the answer has, this once, the code with which the deputy claims it.",
    login=f.text("账号", most=50), name=f.text("姓名", most=50), password=f.text("密码", least=8, most=128),
    roles=f.items(
        "角色", most=20, role=f.choice("角色", ROLES), congress=f.congress(required=False),
        unit=f.one("单位", "unit", required=False), seat=f.one("代表", "deputy", required=False),
    ),
)  # fmt: skip
CHANGE_ROLES = command(
    "change_roles", "/accounts/<id>/roles", "变更角色", "Replace the roles of an account; its sessions end. For a new deputy's seat the answer has its code.",
    roles=f.items(
        "角色", most=20, role=f.choice("角色", ROLES), congress=f.congress(required=False),
        unit=f.one("单位", "unit", required=False), seat=f.one("代表", "deputy", required=False),
    ),
)  # fmt: skip
CLAIM_SEAT = command(
    "claim_seat", "/accounts/<id>/claim", "认领代表席位",
    "Claim the deputy's seat that your account was given, with the code that was handed to you; your password changes.",
    code=f.text("认领码", most=20, hint="开立账号的人当面交给您的十位字母和数字"), password=f.text("新密码", least=8, most=128, hint="至少 8 个字符，只有您自己知道"),
)  # fmt: skip
CHANGE_PASSWORD = command(
    "change_password", "/accounts/<id>/password", "修改密码", "Change one's own password.",
    old=f.text("原密码", most=128), new=f.text("新密码", least=8, most=128),
)  # fmt: skip

SET_PRACTICE = command(
    "set_practice", "/practices", "设置做法",
    "Lay down a practice or a group of settings at a congress or a unit, from a day on (without one: tomorrow).",
    name=f.text("做法", most=40), congress=f.congress(), unit=f.one("承办单位", "unit", required=False),
    on=f.yes("启用", default=True), settings=f.mapping("设置"), effective_on=f.day("生效日期", required=False, hint="不填则明天生效。已经开始办理的，按开始时的做法办完。"),
    reason=f.text("依据或理由", most=500, required=False),
)  # fmt: skip
END_PRACTICE = command(
    "end_practice", "/practices/<id>/end", "恢复沿用上级",
    "From a day on, go back to what the place above has laid down (without one: tomorrow).",
    effective_on=f.day("生效日期", required=False, hint="不填则明天生效。"), reason=f.text("理由", most=500, required=False),
)  # fmt: skip

PUBLISH_MATERIAL = command(
    "publish_material", "/materials", "发布资料",
    "Publish something to work by: an office for its congress and those below, a unit's people for their own unit. A template has the three "
    "parts of a suggestion; anything else a text, a link or both.",
    congress=f.congress(), unit=f.one("承办单位（本单位自用的资料）", "unit", required=False), kind=f.choice("种类", MATERIAL_KINDS),
    title=f.text("标题", most=80), readers=f.choice("发给", MATERIAL_READERS, default="everybody"),
    text=f.text("正文", most=20_000, required=False, long=True, hint="正文和链接至少填一项；建议模板不用填"),
    link=f.text("链接", most=500, required=False, hint="以 https 开头的网址"),
    situation=f.text("模板：情况", most=3000, required=False, long=True, hint="要填写的地方写成【……】，代表提交前会得到提示"),
    analysis=f.text("模板：分析", most=3000, required=False, long=True), proposals=f.text("模板：具体意见", most=3000, required=False, long=True),
    category=f.listed("适用的类别", "category", required=False),
    findings=f.choices("在哪些写作提示旁边显示", FINDINGS, required=False),
)  # fmt: skip
WITHDRAW_MATERIAL = command(
    "withdraw_material", "/materials/<id>/withdraw", "撤回资料", "Withdraw what was published; it stays on file with the reason.",
    reason=f.text("撤回原因", most=200),
)  # fmt: skip

PRACTICES = query(
    "practices", "/practices", "做法与设置",
    "All practices and groups of settings as they hold at a congress or a unit, and where each is inherited from.",
    congress=f.congress(), unit=f.one("承办单位", "unit", required=False), on=f.day("日期", required=False),
)  # fmt: skip
PRACTICE = query(
    "practice", "/practices/<id>", "做法的历次设置", "One practice at one place with all its versions, and what you may do.",
    id=f.one("做法", "practice"),
)  # fmt: skip
MATERIALS = query(
    "materials", "/materials", "资料",
    "What you may read of what was published at a congress and above it, and by your own units, without the texts; what was withdrawn "
    "for those who published it.",
    congress=f.congress(), kind=f.choice("种类", MATERIAL_KINDS, required=False),
    state=f.choice("状态", {"published": "已发布", "withdrawn": "已撤回"}, default="published"),
)  # fmt: skip
MATERIAL = query(
    "material", "/materials/<id>", "资料", "One of them with its text, and what you may do.", id=f.one("资料", "material"),
)  # fmt: skip
AUTHENTICATE = query(
    "authenticate", "", "登录", "Check a login and password (the gateway only): {account, name, roles} or nothing.",
    login=f.text("账号", most=50), password=f.text("密码", most=128),
)  # fmt: skip
ACCOUNTS = query(
    "accounts", "/accounts", "账号", "Accounts at a congress (operators and liaison offices).",
    congress=f.congress(required=False), limit=f.number("条数", least=1, most=200, default=100),
)  # fmt: skip
DIVISIONS = query(
    "divisions", "/divisions", "区划", "Divisions below a parent: [{path, name, level, has_congress}].",
    parent=f.text("上级", most=20, required=False),
)  # fmt: skip
CONGRESS = query(
    "congress",
    "/congresses/<id>",
    "人大",
    "One congress by path: {path, name, level, sessions}.",
    id=f.congress(),
)
UNITS = query(
    "units",
    "/units",
    "承办单位",
    "Units a congress assigns to: its own and the governments one level down (`below` says which).",
    congress=f.congress(),
)
DEPUTIES = query(
    "deputies", "/deputies", "代表", "Deputies of a congress with their delegations.", congress=f.congress()
)
OFFICES = query(
    "offices", "/offices", "职务", "The posts of a congress, with who holds them and who did before.", congress=f.congress(),
)  # fmt: skip
SESSIONS = query(
    "sessions", "/sessions", "会议", "Sessions of a congress, newest first.", congress=f.congress()
)
DELEGATIONS = query(
    "delegations", "/delegations", "代表团", "Delegations of a congress.", congress=f.congress()
)
COUNTS = query(
    "counts", "/directory", "概况", "How many congresses, deputies, units and accounts are registered."
)
