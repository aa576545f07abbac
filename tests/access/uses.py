"""The patterns of the table of services.

Who has something to do with what a service is about, but may not do it, is told so; for everyone else it is not there. A
list that everyone sees another part of asks for a role alone.
"""

from tests.access.cells import MAY, MAY_NOT, NOTHING, use

EVERYONE = use("everyone, about themselves", others=MAY)
OWN = use("whose it is", "bram")
WHO_SENT_IT = use("who sent the form", "tess")
LINKED = use("whose account is linked", "chaima")

COHORT = use("who guides the cohort", "anja chaima hanna gijs", "ilse")
EVALUATION = use("its project leader, administrators", "anja gijs", "chaima hanna ilse")
FILES_OUT = use("its project leader, administrators", "anja gijs", "chaima hanna")
ATTENDANCE = use("its project leader, its college", "anja chaima hanna", "gijs ilse")
TEACHERS = use("teachers of its college", "chaima", "anja hanna gijs ilse")
COLLEGE = use("its college", "chaima hanna", "anja gijs ilse")

PERSON = use("the participant, and who guides them", "bram anja chaima hanna gijs", "ilse")
OWN_HOURS = use("the participant", "bram", "anja chaima hanna gijs ilse")
HOURS = use("the supervising teacher of the placement, teachers of the college", "dirk chaima", "bram anja hanna gijs")
FORM_ABOUT_HOURS = use("who decided so by a form of theirs", "dirk chaima")
HOURS_DECIDED = use("who decided so", "dirk")
WORK = use("teachers of the college", "chaima", "bram anja hanna gijs ilse")
AWARD = use("the college", "chaima hanna", "bram anja gijs ilse")
AWARD_BESIDE = use("the college; this participant is another one than Bram", "chaima hanna", "anja gijs ilse noor")
OWN_SHARE = use("the participant", "bram", unknown="noor", others=MAY_NOT)
ERASURE = use("administrators", "gijs", "bram anja chaima hanna ilse")
WARNING = use("the project leader", "anja", "bram chaima hanna gijs")
EXEMPTIONS = use(
    "the participant, who guides them, the board of their route", "bram anja chaima hanna femke gijs", "ilse"
)
MAIL = use("administrators, the project leader of whom it is about", "gijs anja", unknown="otto", others=MAY_NOT)

AGENDA = use("participants, who guides a cohort", "bram noor anja chaima hanna gijs otto tess hugo", others=MAY_NOT)
FORM_OF_TEACHER = use("teachers of the college, who did so by a form of theirs", "chaima", "bram anja hanna gijs ilse")
FORM_OF_COLLEGE = use("the college, who did so by a form of theirs", "chaima hanna", "bram anja gijs ilse")
COLLEGES = use("who works at a college", "chaima hanna tess hugo", others=MAY_NOT)
TEACHERS_ANYWHERE = use("teachers", "chaima tess", others=MAY_NOT)

WORK_FILE = use("whose work it is, teachers of the college", "bram chaima", "anja hanna gijs ilse")
EXTENSION = use("its project leader, its college", "anja chaima hanna", "bram gijs ilse")
COHORTS = use("who guides a cohort", "anja chaima hanna gijs otto tess hugo", others=MAY_NOT)
LEADERS = use("project leaders, administrators", "anja gijs otto", others=MAY_NOT)
HOURS_TO_DECIDE = use("supervising teachers, teachers", "dirk chaima sven tess", others=MAY_NOT)
BOARD = use("the board of examiners", "femke fred", others=MAY_NOT)
TAKES_PART = use("participants, about themselves", "bram noor")
PARTICIPANTS = use("participants", "bram noor", others=MAY_NOT)
EMPLOYERS = use("employers", "els erik", others=MAY_NOT)
FIGURES = use("who observes, leads or administers", "ilse anja hanna gijs otto hugo ines", others=MAY_NOT)
PAST = use(
    "who observes, leads or administers in the programme",
    "ilse anja hanna gijs otto",
    unknown="hugo ines",
    others=MAY_NOT,
)
TEMPLATE_OF_PROGRAMME = use(
    "who keeps templates and leads or administers in the programme",
    "anja hanna gijs otto",
    unknown="hugo ines",
    others=MAY_NOT,
)
ADMINISTRATION = use("administrators", "gijs", others=MAY_NOT)

TEMPLATES = use(
    "project leaders, who administers a college, administrators", "anja hanna gijs otto hugo", others=MAY_NOT
)
TEMPLATE = use(
    "who leads a cohort of its programme, the administration of its college, administrators",
    "anja hanna gijs otto",
    "chaima",
)
PROGRAMME = use(
    "who leads a cohort of it, the administration of its college, administrators", "anja hanna gijs otto", "chaima ilse"
)
TEMPLATE_OF_COHORT = use("who keeps templates and guides the cohort", "anja hanna gijs", "chaima ilse")

INVITING = use("its project leader, administrators", "anja gijs", "chaima hanna ilse")
INVITING_SOME = use("its project leader, administrators", "anja gijs", unknown="otto", others=MAY_NOT)
OFFICE = use("the administration of the college, administrators", "hanna gijs", "chaima")
OFFICES = use("who administers a college, administrators", "hanna hugo gijs", others=MAY_NOT)
ASKED_BEFORE = use("everyone: it is about what was asked for before, and tells no more", others=MAY)
INVITING_AMONG = use("its project leader, administrators; others are told of nobody", "anja gijs", others=NOTHING)

OPENING = use("its project leader, the administration of its college, administrators", "anja hanna gijs", "chaima ilse")
ROOM = use("the participant, their project leader", "bram anja", "chaima hanna gijs ilse")
