"""An example of each tracker's export: a table with one request that was done, one that was refused and one that is open."""

from __future__ import annotations

from typing import NamedTuple


class Example(NamedTuple):
    """A header and three rows under it; CREATED and RESOLVED stand for days."""

    tracker: str
    header: str
    done: str
    refused: str
    still_open: str


EXAMPLES = (
    Example("Jira", "Issue key,Issue id,Status,Resolution,Created,Resolved,Original Estimate,Time Spent",
            "A-1,1,Closed,Fixed,CREATED,RESOLVED,3600,7200", "A-2,2,Closed,Won't Fix,CREATED,RESOLVED,,",
            "A-3,3,In Progress,,CREATED,,3600,"),
    Example("GitHub", "number,title,state,created_at,closed_at,state_reason",
            "1,a,closed,CREATED,RESOLVED,completed", "2,b,closed,CREATED,RESOLVED,not_planned", "3,c,open,CREATED,,"),
    Example("GitHub", "number,title,state,createdAt,closedAt,stateReason",
            "1,a,CLOSED,CREATED,RESOLVED,COMPLETED", "2,b,CLOSED,CREATED,RESOLVED,NOT_PLANNED", "3,c,OPEN,CREATED,,"),
    Example("Azure DevOps", "ID,Work Item Type,State,Created Date,Activated Date,Closed Date,Resolved Reason,Original Estimate,Completed Work",
            "1,User Story,Closed,CREATED,CREATED,RESOLVED,,3,4", "2,User Story,Removed,CREATED,,RESOLVED,,,",
            "3,User Story,Active,CREATED,CREATED,,,3,"),
    Example("Redmine", "#,Tracker,Status,Subject,Created,Start date,Closed,Estimated time,Spent time,Resolution",
            "1,Feature,Closed,a,CREATED,CREATED,RESOLVED,3,4,", "2,Feature,Rejected,b,CREATED,,RESOLVED,,,",
            "3,Feature,Resolved,c,CREATED,CREATED,,3,,"),
)
