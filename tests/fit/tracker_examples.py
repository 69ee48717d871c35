"""An example of each tracker's export: one request that was done, one that was refused ("" where it tells no answers), one that is open."""

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
    Example("Jira", "Issue key,Issue id,Status,Resolution,Created,Resolved,Updated,Original Estimate,Time Spent",
            "A-1,1,Closed,Fixed,CREATED,RESOLVED,RESOLVED,3600,7200", "A-2,2,Closed,Won't Fix,CREATED,RESOLVED,RESOLVED,,",
            "A-3,3,In Progress,,CREATED,,CREATED,3600,"),
    Example("Jira", "Issue key,Status,Created,Resolved,Updated,Original Estimate,Time Spent",
            "A-1,Done,CREATED,RESOLVED,RESOLVED,3600,7200", "", "A-3,In Progress,CREATED,,CREATED,3600,"),
    Example("Jira", "key,fields.status.name,fields.resolution.name,fields.created,fields.resolutiondate,fields.updated,"
            "fields.timeoriginalestimate,fields.timespent",
            "A-1,Done,Done,CREATED,RESOLVED,RESOLVED,3600,7200", "A-2,Done,Won't Do,CREATED,RESOLVED,RESOLVED,,",
            "A-3,In Progress,,CREATED,,CREATED,3600,"),
    Example("Jira (German)", "Vorgangsschlüssel,Status,Lösung,Erstellt,Erledigt,Aktualisiert,Ursprüngliche Schätzung,Zeitaufwand",
            "A-1,Fertig,Fertig,CREATED,RESOLVED,RESOLVED,3600,7200", "A-2,Fertig,Wird nicht erledigt,CREATED,RESOLVED,RESOLVED,,",
            "A-3,In Arbeit,,CREATED,,CREATED,3600,"),
    Example("Jira (French)", "Clé de ticket,État,Résolution,Création,Résolue,Mise à jour,Estimation originale,Temps passé",
            "A-1,Terminé,Terminé,CREATED,RESOLVED,RESOLVED,3600,7200", "A-2,Fermé,Ne sera pas fait,CREATED,RESOLVED,RESOLVED,,",
            "A-3,En cours,,CREATED,,CREATED,3600,"),
    Example("GitHub", "number,title,state,created_at,closed_at,updated_at,state_reason,repository,pull_request",
            "1,a,closed,CREATED,RESOLVED,RESOLVED,completed,o/r,", "2,b,closed,CREATED,RESOLVED,RESOLVED,not_planned,o/r,",
            "3,c,open,CREATED,,CREATED,,o/r,"),
    Example("GitHub", "number,title,state,createdAt,closedAt,updatedAt,stateReason,repository,isPullRequest",
            "1,a,CLOSED,CREATED,RESOLVED,RESOLVED,COMPLETED,o/r,false", "2,b,CLOSED,CREATED,RESOLVED,RESOLVED,NOT_PLANNED,o/r,false",
            "3,c,OPEN,CREATED,,CREATED,,o/r,false"),
    Example("GitLab", "URL,Issue ID,State,Created At (UTC),Updated At (UTC),Closed At (UTC),Time Estimate,Time Spent",
            "u/1,1,Closed,CREATED,RESOLVED,RESOLVED,3600,7200", "", "u/3,3,Open,CREATED,CREATED,,3600,"),
    Example("Bugzilla", "bug_id,bug_status,resolution,opendate,changeddate,cf_last_resolved,estimated_time,actual_time",
            "1,RESOLVED,FIXED,CREATED,RESOLVED,RESOLVED,3,4", "2,VERIFIED,WONTFIX,CREATED,RESOLVED,RESOLVED,,",
            "3,UNCONFIRMED,---,CREATED,CREATED,CREATED,3,"),
    Example("Bugzilla", "Bug ID,Status,Resolution,Opened,Changed,Last Resolved,Orig. Est.,Actual Hours",
            "1,RESOLVED,FIXED,CREATED,RESOLVED,RESOLVED,3,4", "2,RESOLVED,INVALID,CREATED,RESOLVED,RESOLVED,,",
            "3,NEW,---,CREATED,CREATED,,3,"),
    Example("Linear", "ID,Status,Created,Updated,Started,Completed,Canceled",
            "E-1,Done,CREATED,RESOLVED,CREATED,RESOLVED,", "E-2,Canceled,CREATED,RESOLVED,,,RESOLVED", "E-3,In Progress,CREATED,CREATED,CREATED,,"),
    Example("Linear", "identifier,state.name,createdAt,updatedAt,startedAt,completedAt,canceledAt",
            "E-1,Done,CREATED,RESOLVED,CREATED,RESOLVED,", "E-2,Canceled,CREATED,RESOLVED,,,RESOLVED", "E-3,Todo,CREATED,CREATED,,,"),
    Example("Asana", "Task ID,Section/Column,Created At,Completed At,Last Modified,Start Date",
            "1,Done,CREATED,RESOLVED,RESOLVED,CREATED", "", "3,To do,CREATED,,CREATED,"),
    Example("ClickUp", "Task ID,Status,Date Created,Date Updated,Date Closed,Time Estimated,Time Spent",
            "a1,Closed,CREATED,RESOLVED,RESOLVED,3600000,7200000", "", "a3,to do,CREATED,CREATED,,3600000,"),
    Example("YouTrack (German)", "Vorgangs-ID,Zustand,Erstellt,Aktualisiert,Gelöst,Schätzung,Aufgewendete Zeit",
            "Y-1,Behoben,CREATED,RESOLVED,RESOLVED,1h,0h50m", "Y-2,Wird nicht behoben,CREATED,RESOLVED,RESOLVED,,",
            "Y-3,Offen,CREATED,CREATED,,1h,"),
    Example("ClickUp", "id,status.status,date_created,date_updated,date_closed,time_estimate,time_spent",
            "a1,complete,CREATED,RESOLVED,RESOLVED,3600000,7200000", "", "a3,to do,CREATED,CREATED,,3600000,"),
    Example("Asana", "gid,created_at,completed_at,modified_at,start_on",
            "1,CREATED,RESOLVED,RESOLVED,CREATED", "", "3,CREATED,,CREATED,"),
    Example("GitLab", "web_url,iid,state,created_at,updated_at,closed_at,time_stats.time_estimate,time_stats.total_time_spent",
            "u/1,1,closed,CREATED,RESOLVED,RESOLVED,3600,7200", "", "u/3,3,opened,CREATED,CREATED,,3600,"),
    Example("YouTrack", "Issue Id,State,Created,Updated,Resolved,Estimation,Spent time",
            "Y-1,Fixed,CREATED,RESOLVED,RESOLVED,1h,0h50m", "Y-2,Won't fix,CREATED,RESOLVED,RESOLVED,,", "Y-3,Open,CREATED,CREATED,,1h,"),
    Example("ServiceNow", "number,state,opened_at,resolved_at,closed_at,close_code,time_worked,sys_updated_on",
            "R1,Closed,CREATED,RESOLVED,RESOLVED,Solved (Permanently),3600,RESOLVED",
            "R2,Closed,CREATED,RESOLVED,RESOLVED,Not Solved (Too Costly),,RESOLVED", "R3,In Progress,CREATED,,,,,CREATED"),
    Example("ServiceNow", "Number,State,Opened,Closed,Close code,Time worked,Updated",
            "R1,Closed,CREATED,RESOLVED,Solved (Permanently),3600,RESOLVED", "R2,Closed,CREATED,RESOLVED,Not Solved (Too Costly),,RESOLVED",
            "R3,New,CREATED,,,,CREATED"),
    Example("Trello", "id,idList,dateLastActivity", "1,Done,RESOLVED", "", "3,To do,CREATED"),
    Example("Azure DevOps", "ID,Work Item Type,State,Created Date,Changed Date,Activated Date,Closed Date,Resolved Reason,Original Estimate,Completed Work",
            "1,User Story,Closed,CREATED,RESOLVED,CREATED,RESOLVED,,3,4", "2,User Story,Removed,CREATED,RESOLVED,,RESOLVED,,,",
            "3,User Story,Active,CREATED,CREATED,CREATED,,,3,"),
    Example("Redmine", "#,Tracker,Status,Subject,Created,Updated,Start date,Closed,Estimated time,Spent time,Resolution",
            "1,Feature,Closed,a,CREATED,RESOLVED,CREATED,RESOLVED,3,4,", "2,Feature,Rejected,b,CREATED,RESOLVED,,RESOLVED,,,",
            "3,Feature,Resolved,c,CREATED,CREATED,CREATED,,3,,"),
    Example("Redmine (German)", "#,Tracker,Status,Thema,Angelegt,Aktualisiert,Beginn,Geschlossen,Geschätzter Aufwand,Aufgewendete Zeit",
            '1,Feature,Erledigt,a,CREATED,RESOLVED,CREATED,RESOLVED,"1,00","0,83"', "2,Feature,Abgewiesen,b,CREATED,RESOLVED,,RESOLVED,,",
            '3,Feature,In Bearbeitung,c,CREATED,CREATED,CREATED,,"1,75",'),
    Example("Redmine (French)", "#,Tracker,Statut,Sujet,Créé,Mis-à-jour,Début,Fermé,Temps estimé,Temps passé",
            '1,Feature,Fermé,a,CREATED,RESOLVED,CREATED,RESOLVED,"1,00","0,83"', "2,Feature,Rejeté,b,CREATED,RESOLVED,,RESOLVED,,",
            '3,Feature,En cours,c,CREATED,CREATED,CREATED,,"1,75",'),
)
