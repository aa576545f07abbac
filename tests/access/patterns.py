"""The patterns of the table of routes. The same role elsewhere passes the door of a page, and then finds nothing there."""

from tests.access.cells import FORBIDDEN, NOT_THERE, OK, TO_SIGN_IN, pattern

OPEN = pattern("everyone", nobody=OK, others=OK)
WAY_IN = pattern("everyone is sent to the page to sign in", others=TO_SIGN_IN)
DEMO_ALONE = pattern("nobody: it is there in the demo alone", nobody=NOT_THERE, others=NOT_THERE)
NOT_BEGUN = pattern("who went to the college just before: here nobody", nobody=FORBIDDEN)
ACCOUNT = pattern("who has an account", others=OK)
OWN_ACCOUNT = pattern("whose account it is", "bram", others=NOT_THERE)
LINKED_ACCOUNT = pattern("whose account is linked to the college's own sign-in", "chaima", others=NOT_THERE)

OWN_PATH = pattern("participants, each their own", "bram noor")
OWN_LESSONS = pattern("participants, each the lessons of their own cohort", "bram noor")
AGENDA = pattern("participants and who guides a cohort, each theirs", "bram noor anja chaima hanna gijs otto tess hugo")
OWN_CALENDAR = pattern("whose calendar it is", "bram", "noor anja chaima hanna gijs otto tess hugo")
OWN_THINGS = pattern("the participant whose it is", "bram", "noor")
PERSON = pattern("the participant, and who guides them", "bram anja chaima hanna gijs", "noor otto tess hugo")
EXEMPTIONS = pattern(
    "the participant, who guides them, and the board of their route",
    "bram anja chaima hanna femke gijs",
    "noor otto tess hugo fred",
)

COHORTS = pattern("who guides a cohort, each theirs", "anja chaima hanna gijs otto tess hugo")
COHORT = pattern("who guides the cohort", "anja chaima hanna gijs", "otto tess hugo")
COHORT_HISTORY = pattern("who guides the cohort", "anja chaima hanna gijs", "bram noor otto tess hugo")
INVITING = pattern("its project leader, administrators", "anja gijs", "otto")
OFFICES = pattern("who administers a college, each theirs, administrators", "hanna hugo gijs")
OFFICE = pattern("the administration of the college, administrators", "hanna gijs", "hugo")
FILES_IN = pattern("project leaders for their cohorts, administrators", "anja gijs otto")
FILES_OUT = pattern("its project leader, administrators", "anja gijs", "otto")
ATTENDANCE = pattern("its project leader, its college", "anja chaima hanna", "otto tess hugo")
TEACHERS = pattern("teachers of its college", "chaima", "tess")
WORK_FILE = pattern("whose work it is, teachers of the college", "bram chaima", "noor tess")
COLLEGE = pattern("its college", "chaima hanna", "tess hugo")
COLLEGE_WORK = pattern("who works at a college, each what waits there", "chaima hanna tess hugo")
TEACHERS_ANYWHERE = pattern("teachers, each what waits at their college", "chaima tess")
LEADER = pattern("its project leader", "anja", "otto")

TEMPLATES = pattern(
    "project leaders, who administers a college, administrators, each theirs", "anja hanna gijs otto hugo"
)
TEMPLATE = pattern(
    "who leads a cohort of its programme, the administration of its college, administrators",
    "anja hanna gijs otto",
    "hugo",
)
TEMPLATE_OF_COHORT = pattern("who keeps templates and guides the cohort", "anja hanna gijs", "otto hugo")

HOURS_TO_DECIDE = pattern("supervising teachers and teachers, each what is theirs to decide", "dirk chaima sven tess")
HOURS_DECIDED = pattern("the supervising teacher of the placement, teachers of the college", "dirk chaima", "sven tess")
BOARD = pattern("the board of examiners, each their route", "femke fred")

EMPLOYERS = pattern("employers, each those who share with them", "els erik")
FIGURES = pattern("who observes a programme, leads or administers in it", "ilse anja hanna gijs otto hugo ines")

PAST = pattern("who observes, leads or administers in the programme", "ilse anja hanna gijs otto", "hugo ines")
PAST_OF_COHORT = pattern("who observes, leads or administers the cohort", "ilse anja hanna gijs", "otto hugo ines")

JOBS = pattern("administrators, project leaders", "gijs anja otto")
MAILS = pattern("administrators all, project leaders what is of their cohorts", "gijs anja otto")
MAIL = pattern("administrators, the project leader of whom it is about", "gijs anja", "otto")
MAIL_TO_EMPLOYER = pattern("administrators: with whom somebody shares is theirs", "gijs", "anja otto")
ADMINISTRATION = pattern("administrators", "gijs")

CLOSED = pattern("nobody: the cohort is not open", nobody=NOT_THERE, others=NOT_THERE)
OPENING = pattern(
    "its project leader, the administration of its college, administrators", "anja hanna gijs", "otto hugo"
)
OWN_ROOM = pattern("participants, each their own", "bram noor", "anja otto")
OWN_ROOM_SAVED = pattern("the participant whose it is", "bram", "noor anja otto")
ROOM = pattern("the participant, their project leader", "bram anja", "noor otto")
