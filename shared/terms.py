"""The field's terms: English in the code, Chinese for people. The whole glossary is docs/glossary.md."""

KINDS = {"suggestion": "建议", "criticism": "批评", "opinion": "意见"}

CATEGORIES = {
    name: name
    for name in (
        "交通运输", "教育", "医疗卫生", "农业农村", "水利", "生态环境", "城乡建设", "社会保障", "科技创新", "财政金融",
        "文化旅游", "民政养老", "公共安全", "政务服务",
    )
}  # fmt: skip

REPLY_CLASSES = {
    "A": "A类：已经解决或基本解决",
    "B": "B类：正在解决或列入计划解决",
    "C": "C类：因条件限制暂时不能解决",
    "D": "D类：留作参考",
}

PUBLICITY = {"public": "主动公开", "on_request": "依申请公开", "private": "不予公开"}

UNIT_ROLES = {"lead": "主办", "joint": "会办", "separate": "分办"}
PART = {"part": "分解承办"}  # of a unit to which another unit's office handed on a part of that unit's task

SATISFACTION = {"satisfied": "满意", "basically": "基本满意", "unsatisfied": "不满意"}

# How a congress handles feedback: who is told what of it, and whose word decides.
FEEDBACK_NAMES = {"named": "具名告知", "without": "不告知姓名"}
UNIT_LEARNS = {"closing": "办结后", "year_end": "年度终了后", "never": "不告知"}
DECIDES = {"lead": "领衔代表", "any": "任何一位代表", "majority": "过半数代表", "all": "全体代表"}
FEEDBACK_DECIDED_BY = {"result": "办理结果", "either": "办理过程或者办理结果"}

# What is strange about feedback, and what people found when they looked into it.
FLAG_KINDS = {
    "within_minute": "一分钟内连续提交", "same_address": "同一网络地址提交", "same_words": "意见雷同", "only_judges": "账号只用于评价",
}  # fmt: skip
FLAG_OUTCOMES = {"normal": "情况正常", "not_own": "不是代表本人填写", "unclear": "无法查清"}

# How a deputy marks a unit in an appraisal (代表评议).
BALLOT_MARKS = {**SATISFACTION, "unknown": "不了解"}

# How an office grades the units of its system in the yearly appraisal (年度考核).
YEAR_GRADES = {"excellent": "优秀", "good": "良好", "passed": "合格", "failed": "不合格"}

# Who nominates and who decides on the excellent suggestions of a year (优秀建议评选).
AWARD_NOMINATED_BY = {"deputies": "人大代表", "liaison": "联工委"}
AWARD_DECIDED_BY = {"meeting": "主任会议", "liaison": "联工委", "vote": "代表投票"}

NO_MEASURE = "none"
# What a congress decides where a reply does not satisfy again.
MEASURES = {
    "notice": "督办通知", "circular": "通报", "talk": "约谈", "inquiry": "专题询问", "accountability": "问责", "disclosure": "向社会公开",
    NO_MEASURE: "不采取措施（写明理由）",
}  # fmt: skip

# Who hears how the suggestions were handled.
HEARING_BODIES = {
    "standing_committee": "常委会会议",
    "chairpersons": "主任会议",
    "party_committee": "党委常委会会议",
}

# Regular supervision: what a round goes through, and how often.
SWEEP_FORMS = {"sweep": "逐件查看", "symposium": "督办座谈会"}
SWEEP_SCOPES = {
    "open": "正在办理的", "waiting": "还没有答复的", "overdue": "已经逾期的", "key": "重点处理建议", "promises": "有承诺未兑现的",
}  # fmt: skip
SWEEP_EVERY = {"once": "只此一次", "month": "每月", "quarter": "每季度", "half_year": "每半年"}

ANALYSED_BY = {"category": "类别", "kind": "类型", "unit": "主办单位"}

# What stands in the calendar of a year, and whom it concerns.
YEAR_KINDS = {
    "session": "会议", "review": "审查", "assign": "交办", "handle": "办理", "judge": "评价", "supervise": "督办", "appraise": "评议",
    "hear": "听取报告", "report": "总结报告", "people": "联系群众", "other": "其他",
}  # fmt: skip
YEAR_WHO = {
    "deputy": "代表", "unit": "承办单位", "liaison": "联工委", "distributing": "交办单位", "leaders": "督办领导",
}  # fmt: skip
YEAR_WHO_BY_ROLE = {
    "deputy": "deputy", "handler": "unit", "unit_clerk": "unit", "section_head": "unit", "deputy_head": "unit", "unit_head": "unit", "liaison": "liaison", "distributing": "distributing",
    "supervisor": "leaders", "standing_leader": "leaders", "government_leader": "leaders", "committee": "leaders",
}  # fmt: skip

# What deputies say of the handling itself: meanwhile, or on the process in their judgement.
DEPUTY_WORDS = {"remark": "补充意见", "process": "对办理过程的意见", "kept": "对承诺兑现的意见"}
# What a deputy says of an answer that all that a reply promised is done.
KEPT = {"kept": "已经兑现", "partly": "部分兑现", "not_kept": "没有兑现"}

CONTACT_METHODS = {
    "phone": "电话", "message": "短信", "mail": "信函", "visit": "上门走访", "symposium": "座谈",
    "joint_inspection": "联合调研", "inspection": "代表视察", "passing": "结合出差顺访", "online": "视频",
}  # fmt: skip
FACE_TO_FACE = ("visit", "symposium", "joint_inspection", "inspection", "passing")

# How deputies meet voters: at their station, or where people live and work.
ENCOUNTER_KINDS = {"reception": "接待", "visit": "走访"}

# What deputies do together, and what is done for them.
ACTIVITY_KINDS = {
    "two_contacts": "双联活动", "visiting_month": "代表走访月", "inspection": "代表视察", "research": "专题调研", "symposium": "座谈会",
    "group": "代表小组主题活动", "attendance": "邀请列席会议", "documents": "寄送资料",
}  # fmt: skip

# How a voter was told what became of an opinion.
TOLD_BY = {
    "spot": "当场",
    "phone": "电话",
    "visit": "上门",
    "message": "短信",
    "mail": "信函",
    "notice": "站内公示",
}

# What the voter says of what came of the opinion, as the station heard it.
UNREACHED = "unreached"
VOTER_JUDGEMENTS = {**SATISFACTION, UNREACHED: "没有联系上"}

# Of who leads a talk or approves a reply, the lowest first.
RANKS = {
    "handler": "经办人", "section_head": "处室负责人", "deputy_head": "分管负责人", "unit_head": "主要负责人",
}  # fmt: skip

MEETING_KINDS = {
    "party_group": "党组会", "leaders": "领导班子会", "coordination": "协调会", "consultation": "专题协商会",
}  # fmt: skip

# What came of a suggestion (采纳转化).
RESULT_KINDS = {
    "adopted": "采纳", "policy": "出台政策文件", "project": "列入项目", "law": "立法或标准", "money": "安排资金",
}  # fmt: skip

# What several suggestions that are handled together are tied to (“三个结合”).
WORK_KINDS = {
    "livelihood": "民生实事项目", "plan": "年度计划或规划", "reserve": "储备项目", "routine": "日常工作", "inquiry": "专题询问",
    "inspection": "执法检查或视察", "appraisal": "工作评议",
}  # fmt: skip

# States of a promise that is neither kept nor withdrawn: nothing but the congress's word ends it.
UNFINISHED_PROMISES = ("open", "slip_asked", "reported")

CONTACT_PHASES = {"before": "办前", "during": "办中", "after": "办后"}

MATERIAL_KINDS = {
    "courseware": "课件", "template": "建议模板", "handbook": "办理手册", "flow_chart": "流程图", "rule": "制度",
}  # fmt: skip
MATERIAL_READERS = {"everybody": "代表和承办单位", "deputies": "代表", "units": "承办单位"}

LEVELS = {"nation": "全国", "province": "省", "city": "市", "county": "县", "township": "乡镇"}

UNIT_KINDS = {
    "distributing": "交办单位", "government": "政府部门", "government_below": "下级政府", "party": "党委部门",
    "court": "法院", "procuratorate": "检察院", "congress_office": "人大机关",
}  # fmt: skip

# Where a suggestion stands in its life, as the ledger shows it. Each service has its own finer states.
LIFE = {
    "submitted": "待审查",
    "returned": "退回修改",
    "lettered": "转作来信",
    "handed_up": "已转交上级",
    "merged": "已并案",
    "split": "已分案",
    "accepted": "待交办",
    "assigned": "待签收",
    "handling": "办理中",
    "replied": "待代表反馈",
    "assessed": "待办结",
    "rehandling": "再次办理",
    "closed": "已办结",
    "published": "已公开",
}

NOT_ACCEPTED_REASONS = {
    "beyond_powers": "不属于本级职权范围",
    "personal": "代表本人或亲属的个人事项",
    "court_case": "涉及具体司法案件",
    "forwarded_letter": "转递群众来信、未作研究",
    "academic": "属于学术探讨",
    "promotion": "产品推介",
    "no_substance": "没有实际内容",
    "several_matters": "不是一事一案",
    "unclear": "情况、分析或具体意见不清楚",
    "other": "其他",
}

# What a program finds in the text of a suggestion, besides words that belong to a reason for not accepting.
FINDINGS = {
    "too_short": "写得过于简单",
    "repeated": "各部分内容重复",
    "no_unit": "没有写请哪个单位办",
    "not_concrete": "没有地点、数量或者时间",
    "unfilled": "模板里还有没填的空",
} | {code: NOT_ACCEPTED_REASONS[code] for code in (
    "several_matters", "personal", "court_case", "forwarded_letter", "academic", "promotion", "beyond_powers",
)}  # fmt: skip
