"""The pages that people see in a browser: templates, static files and their texts. Routes belong to `bot.http`."""
