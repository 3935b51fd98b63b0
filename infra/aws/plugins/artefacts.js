'use strict';
/*
 * Lets a plain `serverless deploy` do on its own what it needs: builds the artefacts when they are missing or older than their
 * sources, and finds out the digest of CloudFront's header. `make deploy` has done the second already.
 *
 * SMARTALARM_DIST names artefacts that somebody else built: those are taken as they are.
 */
const { spawnSync } = require('child_process');
const fs = require('fs');
const path = require('path');

const SOURCES = ['functions', 'layers', 'models', 'openapi.json', 'requirements', 'scripts/artefacts', 'scripts/build.py'];
const LOOPBACK = /^https?:\/\/(127\.0\.0\.1|\[::1\]|localhost)(:|\/|$)/;
const DIGEST = 'OriginSecretSha256';

/** Milliseconds since 1970 of the newest file below; what Python leaves behind does not count. */
function newestBelow(place) {
  const stat = fs.statSync(place, { throwIfNoEntry: false });
  if (!stat) return 0;
  if (!stat.isDirectory()) return stat.mtimeMs;
  const names = fs.readdirSync(place).filter((name) => name !== '__pycache__' && !name.endsWith('.egg-info'));
  return Math.max(0, ...names.map((name) => newestBelow(path.join(place, name))));
}

/** Why the artefacts have to be built, or null. `target`: {python: '3.13', architecture: 'arm64'}. */
function reasonToBuild(root, target) {
  const about = path.join(root, 'dist', 'aws', 'build.json');
  if (!fs.existsSync(about)) return 'they are missing';
  const built = JSON.parse(fs.readFileSync(about, 'utf8'));
  if (built.python !== target.python || built.architecture !== target.architecture) return 'they are for another target';
  const builtAt = fs.statSync(about).mtimeMs;
  const newer = SOURCES.find((name) => newestBelow(path.join(root, name)) > builtAt);
  return newer ? `${newer} is newer` : null;
}

/** Runs a program; throws one line when it fails. Gives what it printed when `isHeard`. */
function run(root, command, args, isHeard = false) {
  const stdio = ['ignore', isHeard ? 'pipe' : 'inherit', isHeard ? 'pipe' : 'inherit'];
  const done = spawnSync(command, args, { cwd: root, stdio, encoding: 'utf8', timeout: 20 * 60 * 1000 });
  if (done.error) throw new Error(`${command} cannot be run (${done.error.code}); make and Python >= 3.11 are needed.`);
  if (done.status === 0) return (done.stdout || '').trim();
  const last = (done.stderr || '').trim().split('\n').pop();
  throw new Error(last || `${command} ${args.join(' ')} failed with ${done.status}; its reason stands above.`);
}

/** The project's Python, with its virtualenv made first where it is missing. */
function python(root) {
  run(root, 'make', ['--no-print-directory', '-s', '.venv/.dev-ready']);
  return path.join(root, '.venv', 'bin', 'python');
}

class Artefacts {
  constructor(serverless, _options, { log } = {}) {
    const root = serverless.serviceDir;
    const say = (text) => (log ? log.notice(text) : console.log(text));
    this.hooks = {
      'before:package:cleanup': () => {
        if (process.env.SMARTALARM_DIST) return;
        const provider = serverless.service.provider;
        const target = { python: provider.runtime.replace('python', ''), architecture: provider.architecture };
        const reason = reasonToBuild(root, target);
        if (!reason) return;
        say(`Building the artefacts: ${reason} ...`);
        const given = ['--cloud', 'aws', '--python', target.python, '--arch', target.architecture];
        run(root, python(root), ['scripts/build.py', ...given]);
      },
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        const parameter = serverless.service.provider.compiledCloudFormationTemplate.Parameters[DIGEST];
        if (parameter.Default || LOOPBACK.test(process.env.AWS_ENDPOINT_URL || '')) return;
        if (serverless.processedInput.commands[0] !== 'deploy') {
          say(`${DIGEST} is empty: deployed like this, the HTTP API answers also who goes around CloudFront.`);
          return;
        }
        const aws = serverless.getProvider('aws');
        process.env.AWS_REGION = aws.getRegion();
        parameter.Default = run(root, python(root), ['scripts/deploy.py', 'secrets', '--stage', aws.getStage()], true);
      },
    };
  }
}

module.exports = Artefacts;
module.exports.reasonToBuild = reasonToBuild;
module.exports.run = run;
