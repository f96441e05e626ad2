//! Tasks.

use crate::carrier::Method;
use crate::{Called, Client};
use uuid::Uuid;
use zhenxing_api_types::Page;
use zhenxing_api_types::task::{
    ActOnTask, AskAboutTask, BulkActOnTasks, CreateHandDown, CreateNote, CreateTask,
    DecideTaskRequest, HandDown, Task, TaskBulkResult, TaskEntry, TaskProgress, TaskRequest,
    TaskTree,
};

impl Client {
    /// Tasks by due day. The filters are `project`, `matter`, `period`, `unit`, `state`, `light`, `queue`, `hand_down`,
    /// `limit`, `cursor` and `total`; empty ones do not narrow.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn tasks(&self, filters: &[(&str, &str)]) -> Called<Page<Task>> {
        self.get("/tasks", filters).await
    }

    /// One task.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn task(&self, id: Uuid) -> Called<Task> {
        self.get(&format!("/tasks/{id}"), &[]).await
    }

    /// Hands a matter to one unit.
    ///
    /// # Errors
    /// `exists` when the unit has it for that period, another problem, or what the network says.
    pub async fn create_task(&self, new: &CreateTask) -> Called<Task> {
        self.send(Method::POST, "/tasks", None, new).await
    }

    /// Hands a matter down to many units, or shows what that would do.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn hand_down(&self, new: &CreateHandDown) -> Called<HandDown> {
        self.send(Method::POST, "/hand-downs", None, new).await
    }

    /// Does something to a task whose revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn act_on_task(&self, id: Uuid, revision: i64, act: &ActOnTask) -> Called<Task> {
        let path = format!("/tasks/{id}/actions");
        self.send(Method::POST, &path, Some(revision), act).await
    }

    /// Does the same to many tasks.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn bulk_act_on_tasks(&self, acts: &BulkActOnTasks) -> Called<TaskBulkResult> {
        self.send(Method::POST, "/tasks/bulk-act", None, acts).await
    }

    /// The history of a task, latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn task_entries(&self, id: Uuid, cursor: &str) -> Called<Page<TaskEntry>> {
        let path = format!("/tasks/{id}/entries");
        self.get(&path, &[("cursor", cursor)]).await
    }

    /// Writes a progress note.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn create_task_note(&self, id: Uuid, new: &CreateNote) -> Called<TaskEntry> {
        let path = format!("/tasks/{id}/notes");
        self.send(Method::POST, &path, None, new).await
    }

    /// What was asked about a task, the latest first.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn task_requests(&self, id: Uuid) -> Called<Page<TaskRequest>> {
        self.get(&format!("/tasks/{id}/requests"), &[]).await
    }

    /// Asks for more time or for another unit.
    ///
    /// # Errors
    /// `exists` when something waits already, another problem, or what the network says.
    pub async fn ask_about_task(&self, id: Uuid, ask: &AskAboutTask) -> Called<TaskRequest> {
        let path = format!("/tasks/{id}/requests");
        self.send(Method::POST, &path, None, ask).await
    }

    /// Grants, refuses or takes back what was asked; the request's revision was seen.
    ///
    /// # Errors
    /// `stale` when somebody was quicker, another problem, or what the network says.
    pub async fn decide_task_request(
        &self,
        task: Uuid,
        request: Uuid,
        revision: i64,
        decide: &DecideTaskRequest,
    ) -> Called<TaskRequest> {
        let path = format!("/tasks/{task}/requests/{request}/actions");
        self.send(Method::POST, &path, Some(revision), decide).await
    }

    /// A matter in a period at a unit and directly below it; empty texts ask for this year and one's own unit.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn task_tree(&self, matter: &str, period: &str, unit: &str) -> Called<TaskTree> {
        let query = [("matter", matter), ("period", period), ("unit", unit)];
        self.get("/tasks/tree", &query).await
    }

    /// How the tasks at and below a unit stand, by matter and period; empty texts ask for one's own unit and all years.
    ///
    /// # Errors
    /// A problem, or what the network says.
    pub async fn task_progress(&self, unit: &str, year: &str) -> Called<TaskProgress> {
        let query = [("unit", unit), ("year", year)];
        self.get("/tasks/progress", &query).await
    }
}
