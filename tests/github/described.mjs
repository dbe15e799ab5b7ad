// GitHub's own OpenAPI description, against which the fake's answers are held.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export const require = createRequire(new URL('../../ui/package.json', import.meta.url));
const { default: Ajv } = require('ajv');
const addFormats = require('ajv-formats').default;
// OpenAPI 3.0 says "nullable" where JSON Schema says "or null".
const description = JSON.parse(
  readFileSync(require.resolve('@octokit/openapi/generated/api.github.com.json')),
  (_, value) => {
    if (value?.nullable !== true) return value;
    const { nullable: _said, ...schema } = value;
    return { anyOf: [schema, { type: 'null' }] };
  },
);

export const ajv = new Ajv({ strict: false, validateSchema: false, allErrors: true });
addFormats(ajv);
ajv.addSchema(description, 'github');

/// The description's own schema of this answer; a status it does not list is a failure of the fake.
export function assertDescribed(path, status, body, method = 'get') {
  let pointer = `/paths/${path.replaceAll('/', '~1')}/${method}/responses/${status}`;
  let response = description.paths[path][method].responses[status];
  assert.ok(response, `GitHub's description of ${path} has no answer ${status}`);
  if (response.$ref) {
    pointer = response.$ref.slice(1);
    response = description.components.responses[pointer.split('/').at(-1)];
  }
  if (!response.content) return assert.equal(body, undefined, `${path} ${status} is described without a body`);
  const $ref = `github#${encodeURI(pointer)}/content/application~1json/schema`;
  const validate = ajv.compile({ $ref });
  assert.ok(validate(body), `${path} ${status} breaks GitHub's schema: ${ajv.errorsText(validate.errors)}`);
}
