// Makes the two files that a browser loads, and the licence text of what is in them.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'

const OUT = 'niivue_dash'
const common = { bundle: true, minify: true, target: 'es2022', logLevel: 'warning' }

await build({
    ...common,
    entryPoints: ['src/ts/index.ts'],
    outfile: `${OUT}/niivue_dash.min.js`,
    format: 'iife',
    globalName: 'niivue_dash'
})
const chunk = await build({
    ...common,
    entryPoints: ['src/ts/viewer.ts'],
    outfile: `${OUT}/async-niivue.js`,
    format: 'esm',
    metafile: true
})

writeFileSync(`${OUT}/THIRD_PARTY_LICENSES.txt`, licences(packagesIn(chunk.metafile)))

function packagesIn(metafile) {
    const folders = new Set()
    for (const input of Object.keys(metafile.inputs)) {
        const found = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)
        if (found) folders.add(found[1])
    }
    return [...folders].sort()
}

function licences(folders) {
    return folders.map((folder) => {
        const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
        const line = '='.repeat(78)
        return `${line}\n${name} ${version} (${license})\n${line}\n\n${licenceText(folder, name).trim()}\n`
    }).join('\n\n')
}

function licenceText(folder, name) {
    const shipped = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
    // NiiVue's tarball has no licence file, so its text lies beside this script.
    const path = shipped ? join(folder, shipped) : join('licenses', `${name.split('/').pop()}.txt`)
    return readFileSync(path, 'utf8')
}
