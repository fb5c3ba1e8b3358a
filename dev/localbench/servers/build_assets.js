// build_assets.js APP…: bundles of these apps into sites/assets, as Frappe's own esbuild folder does it.
// Any bundle that fails ends the run with 1 and leaves assets.json as it was.
const fs = require("fs");
const path = require("path");
const { pathToFileURL } = require("url");

const autoprefixer = require("autoprefixer");
const esbuild = require("esbuild");
const glob = require("fast-glob");
const postcss = require("postcss");
const sass = require("sass");
const sfc = require("@vue/compiler-sfc");
const vue = require("esbuild-plugin-vue3");

const BENCH = process.env.BENCH;
const SITES = path.join(BENCH, "sites");
const ASSETS = path.join(SITES, "assets");
const FRAPPE_MODULES = path.join(BENCH, "apps/frappe/node_modules");
const ALL_APPS = fs.readFileSync(path.join(SITES, "apps.txt"), "utf8").split(/\s+/).filter(Boolean);
const app_folder = (app) => path.join(BENCH, "apps", app);
const public_folder = (app) => path.join(app_folder(app), app, "public");

// The vue plugin hands sass an array of importers, which sass 1.63 rejects.
const compile_style = sfc.compileStyleAsync;
sfc.compileStyleAsync = (options) => {
	if (options.preprocessOptions) delete options.preprocessOptions.importer;
	return compile_style(options);
};

const html_templates = {
	name: "html-templates",
	setup(build) {
		build.onResolve({ filter: /\.html$/ }, (args) => ({
			path: path.join(args.resolveDir, args.path),
			namespace: "html-template",
		}));
		build.onLoad({ filter: /.*/, namespace: "html-template" }, (args) => {
			const name = path.basename(args.path).split(".")[0];
			const text = fs.readFileSync(args.path, "utf8").replace(/`/g, "\\`");
			return { contents: `\n\tfrappe.templates['${name}'] = \`${text}\`;\n` };
		});
	},
};

const served_assets = {
	name: "served-assets",
	setup(build) {
		build.onResolve({ filter: /^\/assets\// }, (args) => ({ path: args.path, external: true }));
	},
};

// Only where Frappe itself looks, so that what builds here builds on a real bench.
const SASS_FOLDERS = [FRAPPE_MODULES, ...ALL_APPS.map(app_folder)];
const sass_importer = {
	findFileUrl(url) {
		const wanted = url.replace(/^~/, "").replace(/\.css$/, "");
		for (const folder of SASS_FOLDERS) {
			const { dir, base } = path.parse(path.join(folder, wanted));
			const full = path.join(dir, base);
			const candidates = [full, `${full}.scss`, `${full}.css`, path.join(dir, `_${base}.scss`)];
			candidates.push(path.join(full, "_index.scss"), path.join(full, "index.scss"));
			const found = candidates.find((file) => fs.existsSync(file) && fs.statSync(file).isFile());
			if (found) return pathToFileURL(found);
		}
		return null;
	},
};

const scss = {
	name: "scss",
	setup(build) {
		build.onLoad({ filter: /\.(scss|sass)$/ }, async (args) => {
			const compiled = sass.compile(args.path, {
				importers: [sass_importer],
				loadPaths: SASS_FOLDERS,
				quietDeps: true,
				logger: sass.Logger.silent,
			});
			const prefixed = await postcss([autoprefixer]).process(compiled.css, { from: args.path });
			return { contents: prefixed.css, loader: "css", resolveDir: path.dirname(args.path) };
		});
	},
};

// Styles of Vue components travel inside the script that shows them.
const vue_styles = {
	name: "vue-styles",
	setup(build) {
		build.initialOptions.write = false;
		build.onEnd((result) => {
			if (result.errors.length) return;
			for (const [output, info] of Object.entries(result.metafile.outputs)) {
				const styled = Object.keys(info.inputs).some((input) => input.includes(".vue?type=style"));
				if (info.entryPoint && output.endsWith(".js") && styled) prepend_style(result, output);
			}
			for (const file of result.outputFiles) {
				fs.mkdirSync(path.dirname(file.path), { recursive: true });
				fs.writeFileSync(file.path, file.contents);
			}
		});
	},
};

function prepend_style(result, output) {
	const bundle = (file) => path.basename(file).split(".bundle.")[0];
	const script = result.outputFiles.find((file) => file.path === path.resolve(output));
	const style = result.outputFiles.find(
		(file) => file.path.endsWith(".css") && bundle(file.path) === bundle(output)
	);
	if (style) {
		const text = `frappe.dom.set_style(${JSON.stringify(style.text)});\n${script.text}`;
		script.contents = new TextEncoder().encode(text);
	}
}

const DATA_URLS = Object.fromEntries(
	[".png", ".svg", ".woff", ".woff2", ".ttf", ".eot"].map((kind) => [kind, "dataurl"])
);
const OPTIONS = {
	entryNames: "[dir]/[name].[hash]",
	target: ["es2017"],
	outdir: ASSETS,
	sourcemap: true,
	bundle: true,
	metafile: true,
	minify: true,
	logLevel: "warning",
	nodePaths: [
		...ALL_APPS.map((app) => path.join(app_folder(app), "node_modules")),
		...ALL_APPS.map(app_folder),
	].filter(fs.existsSync),
	define: {
		"process.env.NODE_ENV": '"production"',
		__VUE_OPTIONS_API__: "true",
		__VUE_PROD_DEVTOOLS__: "false",
	},
	loader: DATA_URLS,
};

function link_public(app) {
	const link = path.join(ASSETS, app);
	fs.rmSync(link, { force: true, recursive: false });
	fs.symlinkSync(path.relative(ASSETS, public_folder(app)), link);
}

function entry_points(app) {
	const scripts = {};
	const styles = {};
	const ignore = ["dist/**", "node_modules/**"];
	for (const file of glob.sync("**/*.bundle.{js,ts,css,scss,sass}", { cwd: public_folder(app), ignore })) {
		const { name, ext } = path.parse(file);
		const kind = [".js", ".ts"].includes(ext) ? "js" : "css";
		const points = kind === "js" ? scripts : styles;
		points[`${app}/dist/${kind}/${name}`] = path.join(public_folder(app), file);
	}
	return { scripts, styles };
}

function named_outputs(metafile) {
	const assets = {};
	for (const [output, info] of Object.entries(metafile.outputs)) {
		if (!info.entryPoint || output.endsWith(".map")) continue;
		const source = path.basename(info.entryPoint);
		if (output.endsWith(".css") && source.endsWith(".js")) continue;
		assets[source.replace(/\.s[ac]ss$/, ".css").replace(/\.ts$/, ".js")] =
			"/" + path.relative(SITES, path.resolve(output));
	}
	return assets;
}

function write(name, content) {
	const target = path.join(ASSETS, name);
	fs.writeFileSync(`${target}.part`, JSON.stringify(content, null, 1));
	fs.renameSync(`${target}.part`, target);
}

async function build(app) {
	const { scripts, styles } = entry_points(app);
	const before = glob.sync("dist/**", { cwd: public_folder(app), absolute: true });
	const results = await Promise.all([
		esbuild.build({ ...OPTIONS, entryPoints: scripts, plugins: [vue(), html_templates, vue_styles] }),
		esbuild.build({ ...OPTIONS, entryPoints: styles, plugins: [served_assets, scss] }),
	]);
	const made = new Set(results.flatMap((result) => Object.keys(result.metafile.outputs).map((file) => fs.realpathSync(file))));
	before.filter((file) => !made.has(fs.realpathSync(file))).forEach((file) => fs.rmSync(file));
	return Object.assign({}, ...results.map((result) => named_outputs(result.metafile)));
}

function known_assets() {
	try {
		return JSON.parse(fs.readFileSync(path.join(ASSETS, "assets.json"), "utf8"));
	} catch {
		return {};
	}
}

async function main() {
	for (const app of process.argv.slice(2)) {
		link_public(app);
		const fresh = await build(app);
		const others = Object.entries(known_assets()).filter(([, file]) => !file.startsWith(`/assets/${app}/`));
		write("assets.json", { ...Object.fromEntries(others), ...fresh });
		write("assets-rtl.json", {});
		console.log(`${app}: ${Object.keys(fresh).length} bundles`);
	}
}

main().catch((error) => {
	console.error(error.message || error);
	process.exit(1);
});
