'use strict';
/*
 * Deploys the real serverless.yml to an emulated cloud. Does nothing unless AWS_ENDPOINT_URL is a loopback address.
 *
 * - Drops what the emulator has no handler for, with whatever is built on it, and says so in one line.
 * - Turns the gateways' addresses (https://<id>.execute-api.<region>.<suffix>/<stage>) into the emulator's path form, because no
 *   name server knows the first: in the functions' environment, as the distribution's origin and in the app's policy. Where
 *   devices reach us (API_BASE_URL, an origin) becomes SITE_URL, or else the emulator itself.
 * - Names the actions of SQS batches: on AWS the right to the single one covers them, the emulator asks for them.
 * - Gives the gateways ids that stay the same from one start of the emulator to the next.
 */
const { createHash } = require('crypto');

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Resource types without a handler in ministack, and types that only the edge of the real cloud gives a meaning. */
const UNHANDLED = [
  /^AWS::ApiGatewayV2::Deployment$/,
  /^AWS::CodeDeploy::/,
  /^AWS::WAFv2::WebACLAssociation$/,
  /^AWS::XRay::/,
];
const GATEWAY = /^(https|wss):\/\/\$\{(\w+)\}\.execute-api\.\$\{AWS::Region\}\.(?:\$\{AWS::URLSuffix\}|amazonaws\.com)(\/.*)?$/;
const SOCKETS = /wss:\/\/\$\{\w+\}\.execute-api\.[^\s;]+/g;
const BATCHES = {
  'sqs:SendMessage': 'sqs:SendMessageBatch',
  'sqs:DeleteMessage': 'sqs:DeleteMessageBatch',
  'sqs:ChangeMessageVisibility': 'sqs:ChangeMessageVisibilityBatch',
};
const PLACEHOLDER = /\$\{([\w:.]+)\}/g;

function loopbackEndpoint(environment) {
  try {
    const url = new URL(environment.AWS_ENDPOINT_URL || '');
    return LOOPBACK.has(url.hostname) ? url.origin : null;
  } catch {
    return null;
  }
}

/** Fn::Sub or Fn::Join of texts, Refs and GetAtts as one Fn::Sub text; undefined when it is neither. */
function toSubText(value) {
  if (typeof value['Fn::Sub'] === 'string') return value['Fn::Sub'];
  const join = value['Fn::Join'];
  if (!Array.isArray(join) || !Array.isArray(join[1])) return undefined;
  const parts = join[1].map((part) => {
    if (typeof part === 'string') return part;
    if (part && part.Ref) return `\${${part.Ref}}`;
    if (part && part['Fn::GetAtt']) return `\${${[].concat(part['Fn::GetAtt']).join('.')}}`;
    return undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join(join[0]);
}

/** Every name that a value refers to: Ref, Fn::GetAtt, Fn::Sub. */
function referred(value, found = new Set()) {
  if (Array.isArray(value)) value.forEach((one) => referred(one, found));
  else if (value && typeof value === 'object') {
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'Ref') found.add(inner);
      else if (key === 'Fn::GetAtt') found.add([].concat(inner).join('.').split('.')[0]);
      else if (key === 'Fn::Sub') {
        for (const match of String([].concat(inner)[0]).matchAll(PLACEHOLDER)) found.add(match[1].split('.')[0]);
        referred(inner, found);
      } else referred(inner, found);
    }
  }
  return found;
}

/** The value with every gateway's address in the emulator's path form. */
function rewriteAddresses(node, endpoint) {
  if (Array.isArray(node)) return node.map((one) => rewriteAddresses(one, endpoint));
  if (!node || typeof node !== 'object') return node;
  const gateway = (toSubText(node) || '').match(GATEWAY);
  if (gateway) {
    const origin = gateway[1] === 'wss' ? endpoint.replace(/^http/, 'ws') : endpoint;
    return { 'Fn::Sub': `${origin}/_aws/execute-api/\${${gateway[2]}}${gateway[3] || ''}` };
  }
  return Object.fromEntries(Object.entries(node).map(([key, inner]) => [key, rewriteAddresses(inner, endpoint)]));
}

/** A distribution reaches the HTTP API where it is. */
function reachGateway(distribution, endpoint) {
  const { hostname, port } = new URL(endpoint);
  for (const origin of distribution.Properties.DistributionConfig.Origins) {
    const gateway = `https://${toSubText(origin.DomainName || {}) || ''}`.match(GATEWAY);
    if (!gateway) continue;
    origin.DomainName = hostname;
    origin.OriginPath = { 'Fn::Sub': `/_aws/execute-api/\${${gateway[2]}}` };
    origin.CustomOriginConfig = { ...origin.CustomOriginConfig, HTTPPort: Number(port), OriginProtocolPolicy: 'http-only' };
  }
}

/** The app may open sockets where they are, and has no TLS to upgrade to. */
function openSockets(policy, endpoint) {
  const headers = policy.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig || {};
  const text = headers.ContentSecurityPolicy && toSubText(headers.ContentSecurityPolicy.ContentSecurityPolicy);
  if (!text) return;
  const opened = text.replace(SOCKETS, endpoint.replace(/^http/, 'ws')).replace(/;\s*upgrade-insecure-requests/, '');
  headers.ContentSecurityPolicy.ContentSecurityPolicy = { 'Fn::Sub': opened };
}

function nameBatches(role) {
  for (const { PolicyDocument } of role.Properties.Policies || []) {
    for (const statement of PolicyDocument.Statement) {
      const actions = [].concat(statement.Action);
      statement.Action = [...actions, ...actions.map((action) => BATCHES[action]).filter(Boolean)];
    }
  }
}

/** The template as the emulator takes it; gives [logical id, type] of what was dropped. */
function adapt(template, endpoint, siteUrl, idSeed) {
  const resources = template.Resources;
  const dropped = new Map();
  const drop = (name) => {
    dropped.set(name, resources[name].Type);
    delete resources[name];
  };

  for (const [name, resource] of Object.entries(resources)) {
    if (UNHANDLED.some((type) => type.test(resource.Type))) drop(name);
  }
  const of = (type) => Object.values(resources).filter((resource) => resource.Type === type);
  for (const stage of of('AWS::ApiGatewayV2::Stage')) {
    if (!stage.Properties.DeploymentId) continue;
    delete stage.Properties.DeploymentId;
    stage.Properties.AutoDeploy = true;
  }
  for (const { Properties } of of('AWS::Lambda::Function')) {
    const variables = (Properties.Environment || {}).Variables || {};
    if (variables.API_BASE_URL) variables.API_BASE_URL = siteUrl || endpoint;
  }
  of('AWS::IAM::Role').forEach(nameBatches);
  of('AWS::CloudFront::Distribution').forEach((distribution) => reachGateway(distribution, endpoint));
  of('AWS::CloudFront::ResponseHeadersPolicy').forEach((policy) => openSockets(policy, endpoint));
  template.Resources = rewriteAddresses(resources, endpoint);
  template.Outputs = rewriteAddresses(template.Outputs || {}, endpoint);

  // What refers to something dropped goes, too, until nothing does.
  for (let more = true; more; ) {
    more = false;
    for (const [name, resource] of Object.entries(template.Resources)) {
      const waitsFor = [].concat(resource.DependsOn || []).filter((one) => !dropped.has(one));
      if (resource.DependsOn) resource.DependsOn = waitsFor;
      if (resource.DependsOn && waitsFor.length === 0) delete resource.DependsOn;
      if (resource.UpdatePolicy) delete resource.UpdatePolicy.CodeDeployLambdaAliasUpdate;
      if (![...referred(resource)].some((one) => dropped.has(one))) continue;
      dropped.set(name, resource.Type);
      delete template.Resources[name];
      more = true;
    }
  }
  for (const [name, output] of Object.entries(template.Outputs)) {
    if ([...referred(output)].some((one) => dropped.has(one))) delete template.Outputs[name];
  }
  for (const [name, resource] of Object.entries(template.Resources)) {
    if (resource.Type !== 'AWS::ApiGatewayV2::Api') continue;
    const id = createHash('sha256').update(`${idSeed}/${name}`).digest('hex').slice(0, 8);
    resource.Properties.Tags = { ...resource.Properties.Tags, 'ms-custom-id': id };
  }
  return [...dropped];
}

/** One line: the types, and how many of each. */
function told(dropped) {
  const counts = new Map();
  for (const [, type] of dropped) counts.set(type, (counts.get(type) || 0) + 1);
  const types = [...counts].map(([type, count]) => type.replace('AWS::', '') + (count > 1 ? ` x ${count}` : ''));
  return `loopback: left out what the emulated cloud has not: ${types.join(', ')}`;
}

class Loopback {
  constructor(serverless, _options, { log } = {}) {
    const endpoint = loopbackEndpoint(process.env);
    this.hooks = {};
    if (!endpoint) return;
    this.hooks['after:aws:package:finalize:mergeCustomProviderResources'] = () => {
      const { provider, service } = serverless.service;
      const dropped = adapt(
        provider.compiledCloudFormationTemplate, endpoint, process.env.SITE_URL, `${service}/${provider.stage}`
      );
      (log ? log.notice : console.log).call(log, told(dropped));
    };
  }
}

module.exports = Loopback;
module.exports.adapt = adapt;
module.exports.told = told;
module.exports.loopbackEndpoint = loopbackEndpoint;
