// The scenario with the published JavaScript client: `node sdk.cjs URL < FACTS`, with the client's packages in NODE_PATH
// and the facts of the scenario as JSON. The client is of today's contract, and reports its steps as the others do. It
// cannot trigger an experiment by a name, so its runs are evaluations.

const assert = require("node:assert/strict");
const { readFileSync } = require("node:fs");
const ax = require("@arizeai/ax-client");

const facts = JSON.parse(readFileSync(0, "utf-8"));
const client = ax.createClient({ apiKey: "interop", baseUrl: process.argv[2] });
const space = facts.space;

// No notices about unstable operations.
console.warn = () => {};

async function step(what, act) {
  try {
    await act();
  } catch (error) {
    console.log(`FAIL  JavaScript SDK: ${what}: ${error.name}: ${error.message}`);
    process.exit(1);
  }
  console.log(`ok    JavaScript SDK: ${what}`);
}

async function refused(expected, call) {
  await assert.rejects(call, (error) => {
    assert.ok(error.message.includes(expected), `refused with ${error.message}`);
    return true;
  });
}

async function runTaskSteps() {
  let task, experimentTask, run;
  const given = { evaluatorId: facts.evaluatorId, columnMappings: { input: "attributes.input.value" } };
  await step("list the tasks of a project by its name", async () => {
    const page = await ax.listTasks({ client, project: facts.project, space });
    assert.deepEqual(page.data.map((it) => it.name), ["Support Answer Checks"]);
  });
  await step("list page by page, by type and by a part of the name", async () => {
    const first = await ax.listTasks({ client, limit: 100 });
    const rest = await ax.listTasks({ client, limit: 100, cursor: first.pagination.nextCursor });
    assert.deepEqual([first.data.length, rest.data.length, rest.pagination.hasMore], [100, 35, false]);
    const named = await ax.listTasks({ client, space, name: "golden", type: "TEMPLATE_EVALUATION" });
    assert.ok(named.data.every((it) => it.name.toLowerCase().includes("golden")) && named.data.length > 0);
  });
  await step("list the tasks of a dataset by its name", async () => {
    const page = await ax.listTasks({ client, dataset: facts.taskDataset, space });
    assert.ok(page.data.some((it) => it.name === facts.datasetTask));
  });
  await step("create an evaluation task by the name of its project", async () => {
    task = await ax.createEvaluationTask({
      client, space, name: "JS Evaluation", type: "TEMPLATE_EVALUATION", project: facts.project, evaluators: [given],
      samplingRate: 0.5, isContinuous: false, queryFilter: "a = 'b'",
    });
    assert.deepEqual([task.projectId, task.samplingRate, task.queryFilter], [facts.projectId, 0.5, "a = 'b'"]);
    assert.deepEqual(task.evaluators.map((it) => it.evaluatorName), [facts.evaluatorName]);
  });
  await step("create an evaluation task over experiments of a dataset, of a pinned version", async () => {
    const experiments = await ax.listExperiments({ client, dataset: facts.dataset, space });
    const versions = await ax.listEvaluatorVersions({ client, evaluator: facts.evaluatorName, space });
    const pinned = { ...given, evaluatorVersionId: versions.data.at(-1).id, queryFilter: "c = 'd'" };
    const made = await ax.createTask({
      client, space, name: "JS Offline", type: "TEMPLATE_EVALUATION", dataset: facts.dataset, evaluators: [pinned],
      experimentIds: [experiments.data[0].id],
    });
    assert.deepEqual(made.experimentIds, [experiments.data[0].id]);
    assert.equal(made.evaluators[0].evaluatorVersionId, pinned.evaluatorVersionId);
    await ax.deleteTask({ client, task: made.id });
  });
  await step("create a run_experiment task by the names of its dataset and its integration", async () => {
    const { ai_integration_id: id, ...rest } = facts.runConfiguration;
    experimentTask = await ax.createRunExperimentTask({
      client, space, name: "JS Experiment", dataset: facts.dataset,
      runConfiguration: { ...rest, aiIntegration: facts.integrationName },
    });
    assert.equal(experimentTask.runConfiguration.ai_integration_id, id);
    assert.equal(experimentTask.runConfiguration.messages[0].content, "{{input}}");
  });
  await step("get by name", async () => {
    assert.deepEqual(await ax.getTask({ client, task: "JS Evaluation", space }), task);
  });
  await step("update by name, clearing the filter", async () => {
    const changed = await ax.updateTask({
      client, task: "JS Evaluation", space, name: "JS Renamed", queryFilter: null, samplingRate: 0.25,
      isContinuous: false, evaluators: [given],
    });
    assert.deepEqual(
      [changed.id, changed.name, changed.queryFilter, changed.samplingRate], [task.id, "JS Renamed", null, 0.25],
    );
  });
  await step("trigger by name, with every option that suits its project", async () => {
    const [dataStartTime, dataEndTime] = facts.window.map((it) => new Date(it));
    run = await ax.triggerTaskRun({
      client, task: "JS Renamed", space, dataStartTime, dataEndTime, maxSpans: 100, overrideEvaluations: true,
    });
    assert.deepEqual([run.status, run.numSuccesses, run.taskId], ["PENDING", 0, task.id]);
    assert.deepEqual([run.dataStartTime, run.dataEndTime], [dataStartTime, dataEndTime]);
  });
  await step("get a run, and wait for it", async () => {
    assert.equal((await ax.getTaskRun({ client, runId: run.id })).id, run.id);
    const ended = await ax.waitForTaskRun({ client, runId: run.id, pollInterval: 50, timeout: 30000 });
    assert.equal(ended.status, "COMPLETED");
    assert.ok(ended.numSuccesses > 0 && ended.runFinishedAt, "it has no results");
  });
  await step("trigger over experiments, and cancel", async () => {
    const experiments = await ax.listExperiments({ client, dataset: facts.taskDataset, space });
    const second = await ax.triggerTaskRun({
      client, task: facts.datasetTask, space, experimentIds: [experiments.data[0].id],
    });
    assert.equal((await ax.cancelTaskRun({ client, runId: second.id })).status, "CANCELLED");
  });
  await step("list runs by name and status", async () => {
    const listed = await ax.listTaskRuns({ client, task: "JS Renamed", space });
    assert.deepEqual(listed.data.map((it) => it.id), [run.id]);
    assert.deepEqual((await ax.listTaskRuns({ client, task: task.id, status: "FAILED" })).data, []);
  });
  await step("refusals say why", async () => {
    await refused(facts.taken, () => ax.updateTask({ client, task: experimentTask.id, name: "JS Renamed" }));
    await refused(facts.ended, () => ax.cancelTaskRun({ client, runId: run.id }));
  });
  await step("delete by name", async () => {
    await ax.deleteTask({ client, task: "JS Renamed", space });
    await ax.deleteTask({ client, task: "JS Experiment", space });
    await refused(facts.notFound, () => ax.getTask({ client, task: task.id }));
  });
}

async function runLookupSteps() {
  await step("list and get spaces, projects and datasets", async () => {
    const found = await ax.getSpace({ client, space });
    assert.equal(found.name, space);
    assert.ok((await ax.listSpaces({ client, name: space })).data.some((it) => it.id === found.id));
    const project = await ax.getProject({ client, project: facts.project, space });
    assert.equal(project.id, facts.projectId);
    assert.ok((await ax.listProjects({ client, space })).data.some((it) => it.id === project.id));
    const dataset = await ax.getDataset({ client, dataset: facts.dataset, space });
    assert.ok((await ax.listDatasets({ client, space })).data.some((it) => it.id === dataset.id));
  });
  await step("get an experiment by name", async () => {
    const [first] = (await ax.listExperiments({ client, dataset: facts.dataset, space })).data;
    const found = await ax.getExperiment({ client, experiment: first.name, dataset: facts.dataset, space });
    assert.equal(found.id, first.id);
  });
  await step("get an evaluator with its version, and list its versions", async () => {
    const evaluator = await ax.getEvaluator({ client, evaluator: facts.evaluatorName, space });
    const versions = (await ax.listEvaluatorVersions({ client, evaluator: facts.evaluatorName, space })).data;
    assert.deepEqual([versions.length, evaluator.version.id], [facts.evaluatorVersions, versions[0].id]);
    assert.equal((await ax.getEvaluatorVersion({ client, versionId: versions[1].id })).id, versions[1].id);
    const older = await ax.getEvaluator({ client, evaluator: evaluator.id, versionId: versions[1].id });
    assert.equal(older.version.id, versions[1].id);
    assert.ok((await ax.listEvaluators({ client, space })).data.some((it) => it.id === evaluator.id));
  });
  await step("get AI integrations and integrations by name", async () => {
    const found = await ax.getAiIntegration({ client, integration: facts.integrationName, space });
    assert.equal(found.id, facts.integrationId);
    assert.ok((await ax.listAiIntegrations({ client, space })).data.some((it) => it.id === found.id));
    const agent = await ax.getIntegration({ client, integration: facts.agentName, type: "AGENT", space });
    assert.equal(agent.id, facts.agentId);
    const listed = await ax.listIntegrations({ client, type: "LLM", space });
    assert.ok(listed.data.length > 0 && listed.data.every((it) => it.type === "LLM"));
  });
  await step("get a prompt by name and label, and list its versions", async () => {
    const prompt = await ax.getPrompt({ client, prompt: facts.promptName, space, label: "production" });
    const versions = (await ax.listPromptVersions({ client, prompt: facts.promptName, space })).data;
    assert.deepEqual([versions.length, prompt.version.id], [facts.promptVersions, versions[0].id]);
    assert.equal((await ax.getPromptVersion({ client, versionId: versions[1].id })).promptId, prompt.id);
    assert.ok((await ax.listPrompts({ client, space })).data.some((it) => it.id === prompt.id));
  });
  await step("a name that is not there is told with those that are", async () => {
    await refused("not found", () => ax.getProject({ client, project: "no such project", space }));
  });
}

runTaskSteps().then(runLookupSteps);
