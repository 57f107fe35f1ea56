import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SERVICES = fileURLToPath(new URL('../../../.spindle/services', import.meta.url));
const REMEDY = 'These tests need Java 17 or newer and Maven. Install them with: apt-get install openjdk-17-jre-headless maven';

export const KAFKA_VERSIONS = ['3.9.1', '4.1.1'] as const;
export type KafkaVersion = (typeof KAFKA_VERSIONS)[number];

const pom = (version: KafkaVersion) => `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion><groupId>spindle</groupId><artifactId>kafka</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${version}</version></dependency>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
  </dependencies>
</project>
`;

async function checkJava(): Promise<void> {
  const { stderr } = await run('java', ['-version']).catch((error: unknown) => {
    throw new Error(`There is no java on the PATH. ${REMEDY}`, { cause: error });
  });
  const major = Number(/version "(\d+)/.exec(stderr)?.[1]);
  if (!(major >= 17)) throw new Error(`java is of version ${major}. ${REMEDY}`);
}

/**
 * The folder of Kafka's jars, which Maven gets once. Several processes may ask at once: each installs into a folder of its own, and the first one to
 * be done gives it the name.
 */
export async function installKafka(version: KafkaVersion): Promise<string> {
  await checkJava();
  const folder = join(SERVICES, `kafka-${version}`);
  if (existsSync(folder)) return join(folder, 'libs');
  await mkdir(SERVICES, { recursive: true });
  const temporary = await mkdtemp(join(SERVICES, `.kafka-${version}-`));
  try {
    await writeFile(join(temporary, 'pom.xml'), pom(version));
    await run('mvn', ['-q', '-B', 'dependency:copy-dependencies', '-DoutputDirectory=libs'], { cwd: temporary, maxBuffer: 1 << 26 }).catch(
      (error: unknown) => {
        throw new Error(`Maven could not get Kafka ${version}: ${String(error)}\n${REMEDY}`, { cause: error });
      },
    );
    await rename(temporary, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return join(folder, 'libs');
}
