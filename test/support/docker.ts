/** Undefined when a container engine answers, otherwise the reason to show. With REQUIRE_DOCKER=1 it must answer. */
export async function whyNoDocker(): Promise<string | undefined> {
  if (process.env['SKIP_DOCKER'] === '1') return 'SKIP_DOCKER=1';
  try {
    const { getContainerRuntimeClient } = await import('testcontainers');
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    if (process.env['REQUIRE_DOCKER'] === '1') throw error;
    const reason = error instanceof Error ? error.message : String(error);
    return `no container engine: ${reason.split('\n')[0] ?? ''}. Start Docker`;
  }
}
