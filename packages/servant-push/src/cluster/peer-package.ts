import { TarsException } from '@tarsier/framework';

/**
 * What an optional peer exports.
 *
 * @throws TarsException `TARSIER_PUSH_ENGINE` that says what to install, when it is not.
 */
export async function peerPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new TarsException(
      `the package ${name} cannot be loaded; install it beside @tarsier/servant-push: npm i ${name}`,
      {
        code: 'TARSIER_PUSH_ENGINE',
        cause: error,
      },
    );
  }
}
