"""The fields that every account has, per entity: code, name, type.

Codes are the keys of the v2 rows (migration guide: v1 key = v2 field_code). Types
are as odd as the real ones: pipeline_id is a double, emails a varchar.
"""

from __future__ import annotations

# One field a line: code, type, name; a code with * comes only with include_fields.
_TEXT = {
    "deal": """
        id int ID
        title varchar Title
        creator_user_id user Creator
        owner_id user Owner
        value monetary Value
        currency varchar Currency
        person_id people Contact person
        org_id org Organization
        stage_id stage Stage
        pipeline_id double Pipeline
        add_time date Deal created
        update_time date Update time
        stage_change_time date Last stage change
        archive_time date Archive time
        status status Status
        is_archived boolean Archive status
        probability int Probability
        lost_reason varchar_options Lost reason
        visible_to visible_to Visible to
        close_time date Deal closed on
        won_time date Won time
        lost_time date Lost time
        local_won_date date Won date
        local_lost_date date Lost date
        local_close_date date Close date
        expected_close_date date Expected close date
        label_ids set Labels
        origin varchar Source origin
        origin_id varchar Source origin ID
        channel enum Source channel
        channel_id varchar Source channel ID
        acv monetary Annual contract value
        arr monetary Annual recurring revenue
        mrr monetary Monthly recurring revenue
        next_activity_id* activity Next activity
        last_activity_id* activity Last activity
        first_won_time* date First won time
        products_count* int Product quantity
        files_count* int Files
        notes_count* int Notes
        followers_count* int Followers
        email_messages_count* int Email messages count
        activities_count* int Total activities
        done_activities_count* int Done activities
        undone_activities_count* int Activities to do
        participants_count* int Participants
        last_incoming_mail_time* date Last email received
        last_outgoing_mail_time* date Last email sent
        smart_bcc_email* varchar Smart Bcc email
        source_lead_id* lead Source lead""",
    "person": """
        id int ID
        name varchar Name
        first_name varchar First name
        last_name varchar Last name
        owner_id user Owner
        org_id org Organization
        add_time date Person created
        update_time date Update time
        email varchar Email
        phone phone Phone
        visible_to visible_to Visible to
        label_ids set Labels
        picture_id picture Profile picture
        notes text Notes
        im varchar Instant messenger
        birthday date Birthday
        job_title varchar Job title
        postal_address address Postal address
        next_activity_id* activity Next activity
        last_activity_id* activity Last activity
        open_deals_count* int Open deals
        related_open_deals_count* int Related open deals
        closed_deals_count* int Closed deals
        related_closed_deals_count* int Related closed deals
        participant_open_deals_count* int Participant open deals
        participant_closed_deals_count* int Participant closed deals
        email_messages_count* int Email messages count
        activities_count* int Total activities
        done_activities_count* int Done activities
        undone_activities_count* int Activities to do
        files_count* int Files
        notes_count* int Notes
        followers_count* int Followers
        won_deals_count* int Won deals
        related_won_deals_count* int Related won deals
        lost_deals_count* int Lost deals
        related_lost_deals_count* int Related lost deals
        last_incoming_mail_time* date Last email received
        last_outgoing_mail_time* date Last email sent
        marketing_status* enum Marketing status
        doi_status* enum Double opt-in
        smart_bcc_email* varchar Smart Bcc email""",
    "organization": """
        id int ID
        name varchar Name
        owner_id user Owner
        add_time date Organization created
        update_time date Update time
        address address Address
        visible_to visible_to Visible to
        label_ids set Labels
        website varchar Website
        linkedin varchar LinkedIn profile
        industry enum Industry
        annual_revenue monetary Annual revenue
        employee_count int Number of employees
        next_activity_id* activity Next activity
        last_activity_id* activity Last activity
        open_deals_count* int Open deals
        related_open_deals_count* int Related open deals
        closed_deals_count* int Closed deals
        related_closed_deals_count* int Related closed deals
        email_messages_count* int Email messages count
        people_count* int People
        activities_count* int Total activities
        done_activities_count* int Done activities
        undone_activities_count* int Activities to do
        files_count* int Files
        notes_count* int Notes
        followers_count* int Followers
        won_deals_count* int Won deals
        related_won_deals_count* int Related won deals
        lost_deals_count* int Lost deals
        related_lost_deals_count* int Related lost deals
        smart_bcc_email* varchar Smart Bcc email""",
    "activity": """
        id int ID
        subject varchar Subject
        type enum Type
        owner_id user Assigned to user
        creator_user_id user Creator
        add_time date Add time
        update_time date Update time
        deal_id deal Deal
        lead_id lead Lead
        person_id people Contact person
        org_id org Organization
        project_id project Project
        due_date date Due date
        due_time time Due time
        duration time Duration
        busy boolean Free/busy
        done boolean Done
        marked_as_done_time date Marked as done time
        location address Location
        participants varchar Participants
        attendees* varchar Attendees
        public_description text Description
        priority enum Priority
        note text Note""",
    "product": """
        id int ID
        name varchar Name
        code varchar Product code
        description text Description
        unit varchar Unit
        tax double Tax
        category enum Category
        is_linkable boolean Active
        visible_to visible_to Visible to
        owner_id user Owner
        add_time date Add time
        update_time date Update time
        billing_frequency billing_frequency Billing frequency
        billing_frequency_cycles int Billing frequency cycles
        prices price_list Unit prices""",
    "project": """
        id int ID
        title varchar Title
        description text Description
        status status Status
        board_id projects_board Board
        phase_id projects_phase Phase
        owner_id user Owner
        start_date date Start date
        end_date date End date
        deal_ids deals Deals
        person_ids people Persons
        org_ids org Organizations
        label_ids set Labels
        health_status int Health status
        add_time date Project created
        update_time date Update time
        status_change_time date Status change time
        archive_time date Archive time""",
    "lead": """
        id varchar ID
        title varchar Title
        owner_id user Owner
        creator_id user Creator
        label_ids set Labels
        person_id people Contact person
        organization_id org Organization
        source_name varchar_options Source
        origin varchar Source origin
        origin_id varchar Source origin ID
        channel enum Source channel
        channel_id varchar Source channel ID
        source_deal_id deal Source deal
        is_archived boolean Archive status
        was_seen boolean Seen
        value monetary Value
        expected_close_date date Expected close date
        next_activity_id activity Next activity
        add_time date Lead created
        update_time date Update time
        visible_to visible_to Visible to""",
    "note": """
        content text Content
        user_id user User
        add_time date Add time
        update_time date Update time
        deal_id deal Deal
        lead_id lead Lead
        person_id people Person
        org_id org Organization
        project_id project Project
        pinned_to_deal_flag enum Note is pinned to deal
        pinned_to_lead_flag enum Note is pinned to lead
        pinned_to_organization_flag enum Note is pinned to organization
        pinned_to_person_flag enum Note is pinned to person
        pinned_to_project_flag enum Note is pinned to project""",
}


def system_fields(entity: str) -> list[tuple[str, str, str, bool]]:
    """Code, name, type, and whether the field comes only with include_fields."""
    found = []
    for line in _TEXT[entity].strip().splitlines():
        code, kind, name = line.strip().split(" ", 2)
        found.append((code.rstrip("*"), name, kind, code.endswith("*")))
    return found
