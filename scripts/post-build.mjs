console.log(process.env.TRUNK_STAGING_DIR, process.env.TRUNK_PROFILE)
