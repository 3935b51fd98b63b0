'use strict';
/*
 * Rolls out the functions named under `custom.canary` bit by bit: each gets an alias `live`, which whatever calls it is pointed
 * at, and CodeDeploy moves a tenth of the calls to a new version, waits five minutes and moves the rest. The smoke function
 * (resources.yml) tries the new version before any call reaches it; the function's alarms take it back.
 *
 *   custom:
 *     canary:
 *       create_alarm: { alarms: [CreateAlarmErrors] }
 *
 * SAM makes the same out of DeploymentPreference. Functions must be declared with `versionFunction: true`.
 */
const ALIAS = 'live';
const APPLICATION = 'CanaryApplication';
const ROLE = 'CanaryRole';
const SMOKE = 'SmokeFunction';
const CONFIGURATION = 'CodeDeployDefault.LambdaCanary10Percent5Minutes';
/** What calls a function, or lets somebody call it. */
const CALLERS = new Set([
  'AWS::ApiGatewayV2::Integration',
  'AWS::IAM::Role',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Permission',
  'AWS::Scheduler::Schedule',
]);

/** A name that is `functionId` by Ref or by Arn becomes the alias, whose Ref is an ARN too. */
function repointed(node, functionId, aliasId) {
  if (Array.isArray(node)) return node.map((one) => repointed(one, functionId, aliasId));
  if (!node || typeof node !== 'object') return node;
  const attribute = node['Fn::GetAtt'];
  const isArn = attribute && [].concat(attribute).join('.') === `${functionId}.Arn`;
  if (node.Ref === functionId || isArn) return { Ref: aliasId };
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, repointed(inner, functionId, aliasId)]));
}

function versionOf(resources, functionId) {
  const found = Object.keys(resources).find(
    (name) => resources[name].Type === 'AWS::Lambda::Version' && resources[name].Properties.FunctionName.Ref === functionId
  );
  if (!found) throw new Error(`canary: ${functionId} has no version; declare it with versionFunction: true`);
  return found;
}

function shared() {
  return {
    [APPLICATION]: {
      Type: 'AWS::CodeDeploy::Application',
      Properties: { ApplicationName: { 'Fn::Sub': '${AWS::StackName}-canary' }, ComputePlatform: 'Lambda' },
    },
    [ROLE]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'codedeploy.amazonaws.com' } },
          ],
        },
        // It may invoke functions whose names begin with CodeDeployHook_, and no other: the smoke function's does.
        ManagedPolicyArns: [
          { 'Fn::Sub': 'arn:${AWS::Partition}:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited' },
        ],
      },
    },
  };
}

function group(alarms) {
  return {
    Type: 'AWS::CodeDeploy::DeploymentGroup',
    Properties: {
      ApplicationName: { Ref: APPLICATION },
      ServiceRoleArn: { 'Fn::GetAtt': [ROLE, 'Arn'] },
      DeploymentConfigName: CONFIGURATION,
      DeploymentStyle: { DeploymentType: 'BLUE_GREEN', DeploymentOption: 'WITH_TRAFFIC_CONTROL' },
      AlarmConfiguration: { Enabled: true, Alarms: alarms.map((alarm) => ({ Name: { Ref: alarm } })) },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM', 'DEPLOYMENT_STOP_ON_REQUEST'],
      },
    },
  };
}

/** Adds to the template what `canaries` ({function: {alarms}}) need. `functionIdOf` gives a function's logical id. */
function addCanaries(template, canaries, functionIdOf) {
  const resources = template.Resources;
  for (const [name, { alarms }] of Object.entries(canaries)) {
    const functionId = functionIdOf(name);
    const missing = alarms.filter((alarm) => !resources[alarm]);
    if (missing.length || !alarms.length) throw new Error(`canary: ${name} has no alarm ${missing.join(', ')}`.trim());
    const [aliasId, groupId] = [`${functionId}Alias${ALIAS}`, `${functionId}DeploymentGroup`];
    const versionId = versionOf(resources, functionId);
    for (const [id, resource] of Object.entries(resources)) {
      if (CALLERS.has(resource.Type)) resources[id] = repointed(resource, functionId, aliasId);
      if (resource.Type === 'AWS::Lambda::EventInvokeConfig' && resource.Properties.FunctionName.Ref === functionId) {
        resource.Properties.Qualifier = ALIAS; // retries and dead letters of the calls that go through the alias
        resource.DependsOn = [...new Set([].concat(resource.DependsOn || [], aliasId))];
      }
    }
    resources[aliasId] = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        Name: ALIAS,
        FunctionName: { Ref: functionId },
        FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
      },
      UpdatePolicy: {
        CodeDeployLambdaAliasUpdate: {
          ApplicationName: { Ref: APPLICATION },
          DeploymentGroupName: { Ref: groupId },
          BeforeAllowTrafficHook: { Ref: SMOKE },
        },
      },
    };
    resources[groupId] = group(alarms);
    Object.assign(resources, shared());
  }
}

class Canary {
  constructor(serverless) {
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const naming = serverless.getProvider('aws').naming;
        const canaries = (serverless.service.custom || {}).canary || {};
        const template = serverless.service.provider.compiledCloudFormationTemplate;
        addCanaries(template, canaries, (name) => naming.getLambdaLogicalId(name));
      },
    };
  }
}

module.exports = Canary;
module.exports.addCanaries = addCanaries;
